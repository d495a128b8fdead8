import { isUtf8 } from "node:buffer";
import { isTooDeep, resultDepthMax } from "@assay/runner-common";

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]));
}

/**
 * What a sandbox says its result is, checked: valid JSON, not too long, not nested too deep, no half characters.
 * @returns the JSON text, or `problem`: what is wrong with it, for the author
 */
export function checkResult(bytes: Buffer, bytesMax: number): { json: string } | { problem: string } {
  const tooLong = (length: number) => ({ problem: `The result has ${length} bytes; at most ${bytesMax} are taken.` });
  if (bytes.length > bytesMax) return tooLong(bytes.length);
  if (isTooDeep(bytes)) return { problem: `The result is nested more than ${resultDepthMax} deep.` };
  // Replacing what is not text would make the result up to three times as long.
  if (!isUtf8(bytes)) return { problem: "The result is not JSON in UTF-8." };
  const json = bytes.toString("utf8");
  try {
    const value: unknown = JSON.parse(json);
    if (value === null) return { problem: "The source returned null." };
    // An escape such as \ud800 is valid JSON, and no database takes it.
    if (!/\\u[dD][89a-fA-F]/.test(json)) return { json };
    // Numbers may come out longer than they were written: 1e20.
    const mended = JSON.stringify(wellFormed(value));
    const length = Buffer.byteLength(mended);
    return length > bytesMax ? tooLong(length) : { json: mended };
  } catch {
    return { problem: "The result is not JSON." };
  }
}
