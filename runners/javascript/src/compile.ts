import type { CodeUnit, Diagnostic } from "@assay/runner-common";
import type { HostPool } from "./host-pool.ts";
import type { StripTypes } from "./strip-types.ts";

/** Code that an isolate takes, or why there is none. `unit` is what hosts know it by. */
export interface Compiled {
  readonly unit: CodeUnit;
  readonly diagnostics: readonly Diagnostic[];
}

const compileTimeoutMs = 5_000;
const compiledMax = 256;

const error = (message: string): Diagnostic => ({ severity: "error", message, line: 0, column: 0 });

/** Compiles sources inside the sandbox and remembers what came of it, for the last 256 hashes. */
export function createCompiler(pool: HostPool, stripTypes: StripTypes): (unit: CodeUnit) => Promise<Compiled> {
  const known = new Map<string, Promise<Compiled>>();

  async function check(unit: CodeUnit): Promise<readonly Diagnostic[]> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const end = await pool.pick(unit).check(unit, compileTimeoutMs);
      if (Array.isArray(end)) return end;
      if (end.reason === "closed") return [error("The runner is stopping.")];
      if (end.isSuspect) {
        return [error(`The code cannot be compiled within ${compileTimeoutMs} ms and the memory of a sandbox.`)];
      }
    }
    return [error("The sandbox ended twice before the code was compiled. Try again.")];
  }

  async function compile(unit: CodeUnit): Promise<Compiled> {
    const diagnostics = await check(unit);
    if (!diagnostics.some(({ message }) => message.startsWith("SyntaxError"))) return { unit, diagnostics };
    const code = await stripTypes(unit.code);
    if (code === undefined) return { unit, diagnostics };
    const stripped = { ...unit, codeHash: `${unit.codeHash}+types`, code };
    return { unit: stripped, diagnostics: await check(stripped) };
  }

  return (unit) => {
    const key = `${unit.codeHash}:${unit.sourceId}`;
    const compiled = known.get(key) ?? compile(unit);
    known.delete(key);
    known.set(key, compiled);
    const [oldest] = known.keys();
    if (known.size > compiledMax && oldest !== undefined) known.delete(oldest);
    return compiled;
  };
}
