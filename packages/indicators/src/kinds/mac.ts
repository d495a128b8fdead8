import { type KindRule, right, wrong } from "../kind-rule.ts";

const shapes = [
  /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/,
  /^(?:[0-9a-f]{2}-){5}[0-9a-f]{2}$/,
  /^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$/,
  /^[0-9a-f]{12}$/,
];

/** Lower case with colons, from any of the usual spellings. */
export const macRule: KindRule = {
  parse: (text) => {
    const lower = text.toLowerCase();
    if (!shapes.some((shape) => shape.test(lower))) return wrong("it is not six octets in one of the usual spellings");
    const digits = lower.replaceAll(/[^0-9a-f]/g, "");
    return right(digits.match(/../g)?.join(":") ?? digits);
  },
  recognises: (text) => /[:.-]/.test(text) && macRule.parse(text).ok,
};
