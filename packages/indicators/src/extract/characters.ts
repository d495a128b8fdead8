const letterOrDigit = /[\p{L}\p{M}\p{N}]/u;

/** The classes of ASCII, as bits. */
export const digit = 1;
export const hexLetter = 2;
export const letter = 4;
export const nameMark = 8;
export const alphanumeric = digit | letter;

const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) classes[code] = digit;
  else if (/[a-fA-F]/.test(character)) classes[code] = letter | hexLetter;
  else if (/[a-zA-Z]/.test(character)) classes[code] = letter;
  else if (/[._-]/.test(character)) classes[code] = nameMark;
}

/** Whether the UTF-16 code unit at the index is of one of the classes; letters beyond ASCII are letters. */
export function isOf(text: string, index: number, wanted: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 128) return ((classes[code] ?? 0) & wanted) !== 0;
  if (!(wanted & letter) || Number.isNaN(code)) return false;
  if (code >= 0xd800 && code <= 0xdbff) return letterOrDigit.test(String.fromCodePoint(text.codePointAt(index) ?? 0));
  if (code >= 0xdc00 && code <= 0xdfff)
    return letterOrDigit.test(String.fromCodePoint(text.codePointAt(index - 1) ?? 0));
  return letterOrDigit.test(text[index] ?? "");
}

/** Whether the place is inside a word of letters and digits. */
export function isWord(text: string, index: number): boolean {
  return isOf(text, index, alphanumeric);
}
