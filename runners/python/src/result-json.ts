const depthMax = 200;
const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets are nested deeper than a recursive reader downstream can bear. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === backslash) index++;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > depthMax) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]));
}

/**
 * What a sandbox says its result is, checked: valid JSON, not too long, not nested more than 200 deep, no half characters.
 * @returns the JSON text, or `problem`: what is wrong with it, for the author
 */
export function checkResult(bytes: Buffer, bytesMax: number): { json: string } | { problem: string } {
  if (bytes.length > bytesMax)
    return { problem: `The result has ${bytes.length} bytes; at most ${bytesMax} are taken.` };
  if (isTooDeep(bytes)) return { problem: `The result is nested more than ${depthMax} deep.` };
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
