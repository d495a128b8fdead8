import type { CodeDiagnostic, CodeToCheck } from "@assay/contract";
import type { Context } from "../../context.ts";
import { fail } from "../../problem-error.ts";
import type { SourceEngine } from "./engine.ts";

/** What the compiler says of code that is not saved. @throws ProblemError UNAVAILABLE */
export async function checkUnsaved(
  ctx: Context,
  engine: SourceEngine,
  { language, code }: CodeToCheck,
): Promise<CodeDiagnostic[]> {
  const check = await engine.compileUnsaved(language, code, ctx.signal);
  return check.ok ? check.diagnostics : fail("UNAVAILABLE", `${check.unavailable}.`);
}
