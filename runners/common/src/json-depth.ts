/** Brackets inside brackets of a result. */
export const resultDepthMax = 200;
const quote = 0x22;
const backslash = 0x5c;

/** Whether JSON text has brackets nested deeper than `resultDepthMax`: more than a recursive reader downstream may bear. */
export function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === backslash) index++;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > resultDepthMax) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}
