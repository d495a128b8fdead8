import type { CodeUnit, Diagnostic } from "@assay/runner-common";
import type { HostPool } from "./host-pool.ts";
import type { HostLoss } from "./host-process.ts";
import type { StripTypes } from "./strip-types.ts";

/** Code that an isolate takes, or why there is none. `unit` is what hosts know it by. */
export interface Compiled {
  readonly kind: "compiled";
  readonly unit: CodeUnit;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * TypeScript's parser takes all of JavaScript, so it gets at least as far. Where it gets further, JavaScript's only stumbled over the
 * types, and what TypeScript's says is what is wrong.
 */
function furthest(
  javascript: readonly Diagnostic[],
  typescript: { readonly message: string; readonly line: number },
): readonly Diagnostic[] {
  const reached = Math.max(...javascript.map(({ line }) => line));
  const isTypeScript = typescript.line > reached || typescript.message.startsWith("TypeScript ");
  return isTypeScript ? [{ severity: "error", ...typescript, column: 0 }] : javascript;
}

/** For one compilation; also its memory may end it. */
export const compileTimeoutMs = 5_000;
const compiledMax = 256;

/** Compiles sources inside the sandbox and remembers what came of it, for the last 256 hashes. */
export function createCompiler(
  pool: HostPool,
  stripTypes: StripTypes,
): (unit: CodeUnit) => Promise<Compiled | HostLoss> {
  const known = new Map<string, Promise<Compiled | HostLoss>>();

  async function check(unit: CodeUnit): Promise<Diagnostic[] | HostLoss> {
    const first = await pool.pick(unit).check(unit, compileTimeoutMs);
    if (Array.isArray(first) || first.reason === "closed") return first;
    return pool.withAlone(unit, (host) => host.check(unit, compileTimeoutMs));
  }

  async function compile(unit: CodeUnit): Promise<Compiled | HostLoss> {
    const diagnostics = await check(unit);
    if (!Array.isArray(diagnostics)) return diagnostics;
    if (!diagnostics.some(({ message }) => message.startsWith("SyntaxError")))
      return { kind: "compiled", unit, diagnostics };
    const result = await stripTypes(unit.code);
    if (result === undefined) return { kind: "compiled", unit, diagnostics };
    if ("message" in result) return { kind: "compiled", unit, diagnostics: furthest(diagnostics, result) };
    const stripped = { ...unit, codeHash: `${unit.codeHash}+types`, code: result.code };
    const strippedDiagnostics = await check(stripped);
    if (!Array.isArray(strippedDiagnostics)) return strippedDiagnostics;
    return { kind: "compiled", unit: stripped, diagnostics: strippedDiagnostics };
  }

  async function compileAndForgetLosses(key: string, unit: CodeUnit): Promise<Compiled | HostLoss> {
    const compiled = await compile(unit);
    if (compiled.kind === "lost") known.delete(key);
    return compiled;
  }

  return (unit) => {
    const key = `${unit.codeHash}:${unit.sourceId}`;
    const compiled = known.get(key) ?? compileAndForgetLosses(key, unit);
    known.delete(key);
    known.set(key, compiled);
    const [oldest] = known.keys();
    if (known.size > compiledMax && oldest !== undefined) known.delete(oldest);
    return compiled;
  };
}
