import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { ToolError } from "./tool-error.ts";

/** Reads secrets from standard input, one line each: with a keyboard after a question and without an echo. */
export function createSecretReader(): (question: string, signal: AbortSignal) => Promise<string> {
  let piped: AsyncIterator<string> | undefined;

  return async (question, signal) => {
    if (!process.stdin.isTTY) {
      // One reader for all lines: it may have taken in more than the first.
      piped ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      process.stdin.ref?.();
      const line = (await piped.next()).value as string | undefined;
      // Whoever holds the other end open must not keep the tool from ending.
      process.stdin.unref?.();
      if (line === undefined) throw new ToolError(`${question}standard input has no line for it.`);
      return line;
    }
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const keyboard = createInterface({ input: process.stdin, output: silent, terminal: true });
    process.stderr.write(question);
    try {
      return await typed(keyboard, signal);
    } finally {
      keyboard.close();
      process.stderr.write("\n");
    }
  };
}

function typed(keyboard: Interface, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new ToolError("Stopped."));
    keyboard.once("line", resolve).once("SIGINT", stop).once("close", stop);
    signal.addEventListener("abort", stop, { once: true });
  });
}
