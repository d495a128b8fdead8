import { stripVTControlCharacters, styleText } from "node:util";
import { createSecretReader } from "./secret-reader.ts";

export type Paint = "red" | "green" | "yellow" | "cyan" | "dim" | "bold";

/** Where a command says things. */
export interface Terminal {
  /** One or more lines of what was asked for. */
  out(text: string): void;
  /** One or more lines about what went wrong. */
  err(text: string): void;
  /** The text in a colour, where colours are shown. */
  paint(paint: Paint, text: string): string;
  /** A line that nobody sees, typed after the question; without a keyboard the next line of standard input. @throws ToolError */
  readSecret(question: string, signal: AbortSignal): Promise<string>;
}

/** The terminal of this process; colours only where somebody sees them, and not with NO_COLOR. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  paint: (paint, text) => styleText(paint, text, { stream: process.stdout }),
  readSecret: createSecretReader(),
};

/** Text from outside on one line: without control characters, which could repaint the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "�");
}
