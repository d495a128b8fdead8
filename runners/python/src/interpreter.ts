import { ConfigError } from "@assay/process";
import { sharedLibrariesOf } from "@assay/runner-common";
import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);

/** A Python interpreter and the files it needs to start. */
export interface Interpreter {
  readonly path: string;
  /** Such as 3.11.2. */
  readonly version: string;
  /** Folders of libraries beyond the standard library, for the end of `sys.path`. */
  readonly libraryFolders: readonly string[];
  /** All that has to be visible for it to run, standard library and shared libraries included. */
  readonly paths: readonly string[];
}

const Facts = z.object({
  version: z.string(),
  versionParts: z.tuple([z.number(), z.number()]),
  standardLibrary: z.array(z.string()),
  libraries: z.array(z.string()),
  sharedLibraries: z.array(z.string()),
});

// The folders of shared libraries are those of the libraries that the interpreter itself has loaded.
const question = `
import json, os, sys, sysconfig
import ctypes, hashlib, ssl, zlib
paths = sysconfig.get_paths()
standard = sorted({os.path.realpath(paths[k]) for k in ("stdlib", "platstdlib")})
libraries = [p for p in ("/usr/lib/python3/dist-packages", paths["purelib"], paths["platlib"]) if os.path.isdir(p)]
maps = {line.split(None, 5)[5].strip() for line in open("/proc/self/maps") if ".so" in line}
shared = {os.path.dirname(p) for p in maps if not p.startswith(tuple(standard))}
print(json.dumps(dict(version=sys.version.split()[0], versionParts=sys.version_info[:2], standardLibrary=standard,
  libraries=list(dict.fromkeys(libraries)), sharedLibraries=sorted(shared))))
`;

const unusable = (text: string): ConfigError => new ConfigError([{ variable: "ASSAY_PYTHON", text }]);

/**
 * Asks an interpreter where its files are.
 * @param path absolute path of the interpreter
 * @throws ConfigError that says what to do when there is none, or one that is too old
 */
export async function findInterpreter(path: string): Promise<Interpreter> {
  const answer = await run(path, ["-I", "-c", question], { env: { LANG: "C.UTF-8" } }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw unusable(
      `names an interpreter that cannot be used: ${reason}. Run "apt-get install -y python3", or name another one.`,
    );
  });
  const facts = Facts.parse(JSON.parse(answer.stdout));
  const [major, minor] = facts.versionParts;
  if (major !== 3 || minor < 9) {
    throw unusable(`names Python ${facts.version}; the runner needs 3.9 or newer. Name a newer one.`);
  }
  const binary = await realpath(path);
  const { version, standardLibrary, libraries, sharedLibraries } = facts;
  const outside = [binary, ...standardLibrary].find((place) => !place.startsWith("/usr/"));
  if (outside !== undefined) {
    throw unusable(`needs ${outside}, which is not below /usr, the only folder that sandboxes show. Name one that is.`);
  }
  const needed = [binary, ...standardLibrary, ...libraries, ...sharedLibraries, ...(await sharedLibrariesOf([binary]))];
  return { path: binary, version, libraryFolders: libraries, paths: outermost([...new Set(needed)]) };
}

/** Without those that lie inside another one. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path !== other && path.startsWith(`${other}/`)));
}
