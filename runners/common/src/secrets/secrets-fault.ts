import type { SecretValue } from "@assay/proto";
import { parseHostPattern } from "../egress/host-pattern.ts";

const namePattern = /^[A-Z][A-Z0-9_]{0,59}$/;
const valueCharsMax = 8192;
const secretsMax = 50;

function isHttpPattern(text: string): boolean {
  try {
    return parseHostPattern(text).scope === "http";
  } catch {
    return false;
  }
}

/** What is wrong with the secrets of a call; undefined when nothing is. It repeats nothing but positions: a value may stand anywhere. */
export function secretsFault(secrets: readonly SecretValue[]): string | undefined {
  if (secrets.length > secretsMax) return `secrets: ${secrets.length} are given, ${secretsMax} are allowed.`;
  const names = new Set<string>();
  for (const [index, { name, value, hosts }] of secrets.entries()) {
    const field = `secrets[${index}]`;
    if (!namePattern.test(name)) {
      return `${field}.name: a capital letter and up to 59 more capital letters, digits and underscores are needed.`;
    }
    if (names.has(name)) return `${field}.name is that of an earlier secret.`;
    names.add(name);
    if (value === "" || value.length > valueCharsMax)
      return `${field}.value: 1 to ${valueCharsMax} characters are needed.`;
    if (/\p{Cc}/u.test(value) || !value.isWellFormed()) {
      return `${field}.value: control characters, line breaks and halves of characters are not allowed.`;
    }
    const wrong = hosts.findIndex((host) => !isHttpPattern(host));
    if (wrong >= 0) {
      return `${field}.hosts[${wrong}]: "host", "host:port", "*.suffix" or "*" is needed; no URL, and nothing with "dns:".`;
    }
  }
  return undefined;
}
