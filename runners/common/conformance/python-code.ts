import type { ConformanceCase } from "./conformance-case.ts";

/** A case whose source is given by Python code. */
export type Row = Omit<ConformanceCase, "code"> & { readonly code: string };

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
def listing(folder):
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        return errno.errorcode[error.errno]
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

/** The case with its source made to behave until it is told to attack: then it has to find the folder for files as empty as a first call. */
export function toCase({ code, ...row }: Row): ConformanceCase {
  if (row.isBroken === true) return { ...row, code: { PYTHON: code } };
  const armed = `${code}
_attack = globals().get("fetch_data")
def fetch_data(indicator, context):
    import os
    if indicator.data != "attack": return {"calm": os.listdir(os.environ["TMPDIR"]) == []}
    return _attack(indicator, context)
`;
  return { ...row, code: { PYTHON: armed } };
}
