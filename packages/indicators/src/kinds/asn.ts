import { type KindRule, right, wrong } from "../kind-rule.ts";

/** "AS15169", "asn 15169", "15169", and the dotted form of RFC 5396 ("AS1.10" is AS65546). */
export const asnRule: KindRule = {
  parse: (text) => {
    const match = /^(?:asn?[\s:#-]?\s?)?(\d{1,10})(?:\.(\d{1,5}))?$/i.exec(text);
    if (!match) return wrong("it is not a number, with or without AS before it");
    const [high, low] = [Number(match[1]), match[2] === undefined ? null : Number(match[2])];
    if (low !== null && (high > 65535 || low > 65535)) return wrong("each half of the dotted form is at most 65535");
    const number = low === null ? high : high * 65536 + low;
    return number <= 4294967295 ? right(`AS${number}`) : wrong(`${number} is larger than 4294967295`);
  },
  recognises: (text) => /^as/i.test(text) && asnRule.parse(text).ok,
};
