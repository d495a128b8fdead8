import type { Answer, Language } from "@assay/contract";
import type { CompileCheck } from "../lookups/compile-check.ts";
import type { TryOut } from "../lookups/try-out.ts";
import type { SecretUse } from "../secrets/secret-store.ts";

/** Tells every process that sources or providers are not what they were. */
export const sourcesChannel = "sources_changed";

/** What keeping sources needs of the part that runs them. */
export interface SourceEngine {
  /** Has code compiled in a runner's sandbox; the id only names the sandbox. */
  compileCheck(language: Language, sourceId: string, code: string, signal: AbortSignal): Promise<CompileCheck>;
  /** The same for code that belongs to no source. */
  compileUnsaved(language: Language, code: string, signal: AbortSignal): Promise<CompileCheck>;
  /**
   * Runs code that is not saved once, with these secrets; where it may become a source's, what it asks counts for that one. Never rejects:
   * whatever goes wrong is in the answer.
   */
  tryOut(
    unsaved: Omit<TryOut, "of">,
    secrets: SecretUse,
    sourceId: string | undefined,
    signal: AbortSignal,
  ): Promise<Answer>;
  /** The secrets of a source, for code that is not its own yet; of none where there is no id. */
  lendSecrets(sourceId: string | undefined): SecretUse;
  /** Resolves when lookups of this process see the sources as the database has them. */
  reload(): Promise<void>;
}
