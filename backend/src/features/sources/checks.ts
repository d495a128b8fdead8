import {
  type CodeDiagnostic,
  type ConfigSchema,
  configValueProblems,
  type FieldError,
  type SecretSlot,
  secretSlotProblems,
  type Source,
} from "@assay/contract";
import type { Context } from "../../context.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { findProvider } from "../providers/queries.ts";
import type { SourceEngine } from "./engine.ts";

/** `at` is where the id comes from. @throws ProblemError VALIDATION_FAILED */
export async function checkProvider(ctx: Context, id: string, at = "body"): Promise<void> {
  if (await findProvider(ctx.db, { id })) return;
  failValidation([{ field: `${at}.providerId`, message: "is not the id of a provider" }]);
}

/** @throws ProblemError CODE_DOES_NOT_COMPILE, UNAVAILABLE */
export async function checkCode(
  ctx: Context,
  engine: SourceEngine,
  language: Source["language"],
  sourceId: string,
  code: string,
): Promise<void> {
  const check = await engine.compileCheck(language, sourceId, code, ctx.signal);
  if (!check.ok) fail("UNAVAILABLE", `${check.unavailable}. Nothing has been saved.`);
  const errors = check.diagnostics.filter(({ severity }) => severity === "error").map(codeError);
  if (errors.length === 0) return;
  const [first] = errors;
  const where =
    first?.line === undefined ? "" : ` (line ${first.line}${first.column ? `, column ${first.column}` : ""})`;
  const detail = `The code does not compile: ${first?.message ?? "no reason was given"}${where}`;
  fail("CODE_DOES_NOT_COMPILE", detail, errors);
}

function codeError({ message, line, column }: CodeDiagnostic): FieldError {
  return {
    field: "body.code",
    message,
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
  };
}

/** The schema's own defaults and the values have to fit the schema; `at` is where they come from. @throws ProblemError VALIDATION_FAILED */
export function checkConfig(schema: ConfigSchema, values: Readonly<Record<string, unknown>>, at = "body"): void {
  const defaults = Object.fromEntries(Object.entries(schema).map(([name, property]) => [name, property.default]));
  const errors: FieldError[] = [
    ...configValueProblems(schema, defaults).map(({ name, message }) => ({
      field: `${at}.config.${name}.default`,
      message,
    })),
    ...configValueProblems(schema, values).map(({ name, message }) => ({
      field: `${at}.configValues.${name}`,
      message,
    })),
  ];
  if (errors.length > 0) failValidation(errors);
}

/** Slots have names of their own, and hosts that the source may reach. @throws ProblemError VALIDATION_FAILED */
export function checkSecretSlots(slots: readonly SecretSlot[], hosts: readonly string[], at = "body"): void {
  const errors = secretSlotProblems(slots, hosts).map(({ path, message }) => ({
    field: `${at}.secretSlots${path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("")}`,
    message,
  }));
  if (errors.length > 0) failValidation(errors);
}
