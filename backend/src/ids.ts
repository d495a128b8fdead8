import { customAlphabet } from "nanoid";

/** A new id: 12 random characters of 0-9 and a-z. */
export const newId: () => string = customAlphabet("0123456789abcdefghijklmnopqrstuvwxyz", 12);
