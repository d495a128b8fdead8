import type { SandboxProblem } from "@assay/runner-common";

/** A hostile source, and the safe behaviour. */
export interface Attack {
  /** As the catalogue of attacks names it; variants carry a letter. */
  readonly id: string;
  /** What the code tries, in a few words. */
  readonly attack: string;
  readonly code: string;
  readonly expect:
    | { readonly outcome: "returned"; /** Part of the result, or all of it. */ readonly json?: unknown }
    | {
        readonly outcome: "failed";
        readonly code: SandboxProblem["code"];
        readonly limit?: string;
        readonly message?: RegExp;
      };
  /** Milliseconds; 2,000 where the attack does not run into it. */
  readonly timeoutMs?: number;
}

/** It runs into its deadline. */
export const timeout = { outcome: "failed", code: "TIMEOUT" } as const;
/** It runs into the limit on memory. */
export const memory = { outcome: "failed", code: "SANDBOX_LIMIT", limit: "memory" } as const;
/** Its own fault, in these words. */
export const sourceError = (message: RegExp) => ({ outcome: "failed", code: "SOURCE_ERROR", message }) as const;
/** It gets an answer out, and this is in it. */
export const returned = (json: unknown): Attack["expect"] => ({ outcome: "returned", json });

/** A source whose fetch_data has this body. */
export function source(body: string, before = ""): string {
  const indented = body.trim().replaceAll(/^/gm, "    ");
  return `${before}\ndef fetch_data(indicator, context):\n${indented}\n`;
}

/** Functions for hostile code: what came of an attempt, by the name of its error. */
export const attempts = `
import ctypes, errno, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def attempt(act, *arguments):
    try:
        return "done" if act(*arguments) is None else "done"
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
    except BaseException as error:
        return type(error).__name__
def refused(act, *arguments):
    return attempt(act, *arguments) in ("EROFS", "EACCES", "EPERM")
def call(name, *arguments):
    ctypes.set_errno(0)
    function = getattr(libc, name)
    if function(*arguments) == -1:
        return errno.errorcode[ctypes.get_errno()]
    return "done"
`;

/** A source that tries several things and returns by name what came of each: "done", or the name of the error. */
export function trying(tries: Readonly<Record<string, string>>, before = ""): string {
  const entries = Object.entries(tries).map(([name, expression]) => `"${name}": ${expression}`);
  return source(`return {${entries.join(",\n")}}`, attempts + before);
}
