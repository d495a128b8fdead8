import type { FieldError, Language } from "@assay/contract";
import { createHash } from "node:crypto";
import type { RunnerPool } from "./runner-pool.ts";

export type CompileCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly errors: FieldError[] }
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
  const errors = reply.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (errors.length === 0) return { ok: true };
  return {
    ok: false,
    errors: errors.map(({ message, line, column }) => ({
      field: "body.code",
      message,
      ...(line > 0 ? { line } : {}),
      ...(column > 0 ? { column } : {}),
    })),
  };
}
