import { customAlphabet } from "nanoid";

/** A password for somebody else: 20 letters and digits are 115 random bits; none of them look alike. */
export const newPassword = customAlphabet("23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", 20);
