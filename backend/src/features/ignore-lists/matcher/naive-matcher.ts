import type { IgnoreListEntry, IndicatorKind } from "@assay/contract";
import type { MatchableList } from "./compile-matcher.ts";

/**
 * The same judgement, entry by entry, and sharing no code with the compiled one: what the tests and the bench hold it against.
 * Its expressions are JavaScript's own, and may take for ever.
 */
export function naiveMatch(lists: readonly MatchableList[], kind: IndicatorKind, data: string): number[] {
  return lists.flatMap(({ indicatorKinds, entries }, index) => {
    if (indicatorKinds.length > 0 && !indicatorKinds.includes(kind)) return [];
    const hits = entries.filter((entry) => holds(entry, kind, data));
    return hits.length > 0 && !hits.some(({ exception }) => exception) ? [index] : [];
  });
}

function holds({ type, value }: IgnoreListEntry, kind: IndicatorKind, data: string): boolean {
  const isExact = ["URL", "BTC", "SSDEEP"].includes(kind);
  const fold = (text: string): string => (isExact ? text : text.toLowerCase());
  const host = kind === "URL" ? new URL(data).hostname.replaceAll(/[[\]]/g, "") : data;
  switch (type) {
    case "string":
      return fold(data) === fold(value);
    case "substring":
      return fold(data).includes(fold(value));
    case "hostname":
      return ["DOMAIN", "ONION", "URL", "IPV4", "IPV6"].includes(kind) && `.${host}`.endsWith(`.${value}`);
    case "cidr":
      return (
        ["IPV4", "IPV6", "CIDR", "URL", "IP_PORT"].includes(kind) &&
        isWithin(kind === "IP_PORT" ? data.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "") : host, value)
      );
    case "regex": {
      const [, source = value, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(value) ?? [];
      return new RegExp(source, isExact && !flags.includes("i") ? "" : "i").test(data);
    }
  }
}

function isWithin(inner: string, outer: string): boolean {
  const [small, large] = [bits(inner), bits(outer)];
  return small !== null && large !== null && small.family === large.family && small.text.startsWith(large.text);
}

function bits(network: string): { family: number; text: string } | null {
  const [address = "", length] = network.split("/");
  const isIpv6 = address.includes(":");
  if (!isIpv6 && !/^[\d.]+$/.test(address)) return null;
  const numbers = isIpv6 ? groups(address) : address.split(".").map(Number);
  const text = numbers.map((each) => each.toString(2).padStart(isIpv6 ? 16 : 8, "0")).join("");
  return { family: isIpv6 ? 6 : 4, text: text.slice(0, length === undefined ? text.length : Number(length)) };
}

function groups(address: string): number[] {
  const [head = "", tail = ""] = address.split("::");
  const read = (part: string): number[] =>
    part
      .split(":")
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const [front, back] = [read(head), read(tail)];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}
