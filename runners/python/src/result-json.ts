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
  if (bytes.length > bytesMax)
    return { problem: `The result has ${bytes.length} bytes; at most ${bytesMax} are taken.` };
  if (isTooDeep(bytes)) return { problem: `The result is nested more than ${resultDepthMax} deep.` };
  const json = bytes.toString("utf8");
  try {
    const value: unknown = JSON.parse(json);
    if (value === null) return { problem: "The source returned null." };
    // An escape such as \ud800 is valid JSON, and no database takes it.
    return { json: /\\u[dD][89a-fA-F]/.test(json) ? JSON.stringify(wellFormed(value)) : json };
  } catch {
    return { problem: "The result is not JSON." };
  }
}
