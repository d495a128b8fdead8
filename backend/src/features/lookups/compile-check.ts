import type { CodeDiagnostic, Language } from "@assay/contract";
import { createHash } from "node:crypto";
import { newId } from "../../ids.ts";
import type { RunnerPool } from "./runner-pool.ts";

/** What the compiler said; with warnings only, or nothing, the code can run. */
export type CompileCheck =
  | { readonly ok: true; readonly diagnostics: CodeDiagnostic[] }
  | { readonly ok: false; readonly unavailable: string };

const timeoutMs = 20_000;

/** Has the code compiled in a runner's sandbox. `sourceId` only names the sandbox. */
export async function compileCheck(
  pool: RunnerPool,
  language: Language,
  sourceId: string,
  code: string,
  signal: AbortSignal,
): Promise<CompileCheck> {
  const runner = pool.any(language);
  if (!runner)
    return { ok: false, unavailable: `No runner for ${language} serves right now, so the code cannot be checked` };
  const codeHash = createHash("sha256").update(code).digest("hex");
  const reply = await runner.client
    .update({ sourceId, codeHash, code }, { deadlineMs: Date.now() + timeoutMs, signal })
    .catch(() => null);
  if (!reply) {
    return { ok: false, unavailable: `The runner at ${runner.address} failed while it checked the code. Try again.` };
  }
  const diagnostics = reply.diagnostics.map(({ severity, message, line, column }) => ({
    severity: severity === "warning" ? ("warning" as const) : ("error" as const),
    message,
    line: line > 0 ? line : null,
    column: column > 0 ? column : null,
  }));
  return { ok: true, diagnostics };
}

/** The same for code that belongs to no source; the runner keeps nothing of it. */
export async function compileUnsaved(
  pool: RunnerPool,
  language: Language,
  code: string,
  signal: AbortSignal,
): Promise<CompileCheck> {
  const sourceId = newId();
  try {
    return await compileCheck(pool, language, sourceId, code, signal);
  } finally {
    pool.forget(language, sourceId);
  }
}
