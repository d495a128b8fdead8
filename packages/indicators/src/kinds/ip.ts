import ipaddr from "ipaddr.js";
import { defangColons, defangDots } from "../defang-marks.ts";
import { type KindRule, type ParseResult, right, wrong } from "../kind-rule.ts";

/** Dotted decimal only. Octal, hexadecimal and shortened forms are refused: programs disagree on what they mean. */
export function parseIpv4(text: string): ParseResult {
  if (!/^[0-9.]{1,40}$/.test(text)) return wrong("it has characters other than digits and dots");
  const parts = text.split(".");
  if (parts.length !== 4) return wrong(`it has ${parts.length} of 4 numbers`);
  for (const part of parts) {
    if (part === "") return wrong("a number is missing between the dots");
    if (part.length > 1 && part.startsWith("0"))
      return wrong(`“${part}” begins with a zero, which some programs read as octal`);
    if (Number(part) > 255) return wrong(`${part} is larger than 255`);
  }
  return right(text);
}

/** Lower case, compressed as RFC 5952 says; an IPv4 part becomes hexadecimal groups. */
export function parseIpv6(text: string): ParseResult {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (bare.includes("%")) return wrong("a zone such as %eth0 means something on one machine only: leave it out");
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(bare) || !bare.includes(":"))
    return wrong("it is not made of hexadecimal groups and colons");
  if (bare.includes(".")) {
    const dotted = parseIpv4(bare.slice(bare.lastIndexOf(":") + 1));
    if (!dotted.ok) return wrong(`its IPv4 part is wrong: ${dotted.wrong}`);
  }
  // Counted first: an exception costs as much as a hundred addresses, and a text may be full of near misses.
  const groups = bare.split(":").filter((group) => group !== "");
  const count = groups.length + (bare.includes(".") ? 1 : 0);
  const gap = bare.indexOf("::");
  const isOneGap = gap >= 0 && bare.indexOf("::", gap + 1) < 0;
  if ((gap >= 0 && !isOneGap) || (isOneGap ? count > 7 : count !== 8) || groups.some((group) => /^[^.]{5}/.test(group)))
    return wrong("the groups do not add up to an address");
  try {
    return right(ipaddr.IPv6.parse(bare).toRFC5952String());
  } catch {
    return wrong("the groups do not add up to an address");
  }
}

/** Either family. */
export function parseIp(text: string): ParseResult {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

export const ipv4Rule: KindRule = { parse: parseIpv4, defang: defangDots };

export const ipv6Rule: KindRule = { parse: parseIpv6, defang: defangColons };
