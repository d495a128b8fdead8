import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { removeFoldersLeft } from "../folders-left.ts";

/** Names of temporary folders begin with it and the process id of their runner. */
export const stagingPrefix = "assay-fence-";
// Folders that packages install into; everybody can read them, and walking them would take long.
const systemFolders = /^\/(?:usr|lib|lib64|bin|sbin|dev)(?:\/|$)/;

export interface Staging {
  /** The path itself when everybody can read it, else that of a readable copy. Symbolic links are resolved. */
  readonly readable: (hostPath: string) => string;
  /** Removes every copy. */
  readonly close: () => void;
}

function othersMay(path: string): boolean {
  const stats = statSync(path);
  if (!stats.isDirectory()) return (stats.mode & 0o004) !== 0;
  if ((stats.mode & 0o005) !== 0o005) return false;
  return readdirSync(path).every((name) => othersMay(join(path, name)));
}

function othersReach(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === "/") break;
  }
  return systemFolders.test(path) || othersMay(path);
}

function copyReadable(from: string, to: string): void {
  const stats = statSync(from);
  if (stats.isDirectory()) {
    mkdirSync(to);
    for (const name of readdirSync(from)) copyReadable(join(from, name), join(to, name));
    chmodSync(to, 0o755);
    return;
  }
  if ((stats.mode & 0o004) !== 0) {
    try {
      linkSync(from, to);
      return;
    } catch {
      // Another file system: copy.
    }
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, 0o444 | (stats.mode & 0o111));
}

/**
 * Makes files readable for the unprivileged user that a fence of root drops to: a checkout below /root is not.
 * @param folder where copies go; everybody must be able to pass through it
 */
export function openStaging(folder: string): Staging {
  let staged: string | undefined;
  const known = new Map<string, string>();
  return {
    readable(hostPath) {
      const path = realpathSync(hostPath);
      const { mtimeMs, size } = statSync(path);
      const key = `${path}:${mtimeMs}:${size}`;
      const answer = known.get(key);
      if (answer !== undefined) return answer;
      let readable = path;
      if (!othersReach(path)) {
        if (staged === undefined) {
          removeFoldersLeft(folder, stagingPrefix);
          staged = mkdtempSync(join(folder, `${stagingPrefix}${process.pid}-`));
          chmodSync(staged, 0o711);
        }
        readable = join(staged, `${known.size}-${basename(path)}`);
        copyReadable(path, readable);
      }
      known.set(key, readable);
      return readable;
    },
    close() {
      if (staged !== undefined) rmSync(staged, { recursive: true, force: true });
      staged = undefined;
      known.clear();
    },
  };
}
