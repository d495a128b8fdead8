import { isUtf8 } from "node:buffer";
import { isTooDeep, resultDepthMax, withoutHalves } from "@assay/runner-common";

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
    const mended = withoutHalves(json);
    const length = Buffer.byteLength(mended);
    return length > bytesMax ? tooLong(length) : { json: mended };
  } catch {
    return { problem: "The result is not JSON." };
  }
}
