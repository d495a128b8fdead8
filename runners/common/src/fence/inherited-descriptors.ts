import type { StdioOptions } from "node:child_process";
import { openSync, readdirSync, readFileSync } from "node:fs";

const closeOnExec = 0o2000000;

/**
 * File descriptors from 3 on that whoever started this process left open for every child: a pipe to the launcher, a log, a secret.
 * Node makes the first sixteen close-on-exec, and all that it opens itself; bubblewrap would pass on the others.
 */
export function inheritedDescriptors(): number[] {
  return readdirSync("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => {
      if (descriptor < 3) return false;
      try {
        const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1];
        return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
      } catch {
        // The descriptor of the listing itself.
        return false;
      }
    });
}

let nullDescriptor: number | undefined;

/** `stdio` for a child, with /dev/null in place of every inherited descriptor: libuv cannot close one, only replace it. */
export function withoutInherited(stdio: readonly "pipe"[], inherited: readonly number[]): StdioOptions {
  const beyond = inherited.filter((descriptor) => descriptor > stdio.length);
  nullDescriptor ??= openSync("/dev/null", "r+");
  const last = Math.max(stdio.length, ...beyond);
  return Array.from({ length: last + 1 }, (_, index) => {
    if (index === 0) return "ignore";
    if (index <= stdio.length) return "pipe";
    return beyond.includes(index) ? nullDescriptor : "ignore";
  });
}
