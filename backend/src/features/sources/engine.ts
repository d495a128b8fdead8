import type { Answer, Language } from "@assay/contract";
import type { CompileCheck } from "../lookups/compile-check.ts";
import type { TryOut } from "../lookups/try-out.ts";

/** Tells every process that sources or providers are not what they were. */
export const sourcesChannel = "sources_changed";

/** What keeping sources needs of the part that runs them. */
export interface SourceEngine {
  /** Has code compiled in a runner's sandbox; the id only names the sandbox. */
  compileCheck(language: Language, sourceId: string, code: string, signal: AbortSignal): Promise<CompileCheck>;
  /** The same for code that belongs to no source. */
  compileUnsaved(language: Language, code: string, signal: AbortSignal): Promise<CompileCheck>;
  /** Runs code that belongs to no source once. Never rejects: whatever goes wrong is in the answer. */
  tryOut(unsaved: TryOut, signal: AbortSignal): Promise<Answer>;
  /** Resolves when lookups of this process see the sources as the database has them. */
  reload(): Promise<void>;
}
