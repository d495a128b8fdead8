import { type KindRule, right, wrong } from "../kind-rule.ts";

/** E.164: a plus sign and 7 to 15 digits. Without a country code nobody can say whose number it is. */
export const phoneRule: KindRule = {
  parse: (text) => {
    const bare = text.replace(/^tel:/i, "").replace(/^00/, "+");
    if (!bare.startsWith("+")) return wrong("it does not begin with a plus sign and a country code");
    if (!/^\+[\d\s().\-/\u00a0\u2010-\u2015]*$/.test(bare))
      return wrong("it has characters that are not part of a number");
    const digits = bare.replaceAll(/\D/g, "");
    if (digits.startsWith("0")) return wrong("no country code begins with a zero");
    return digits.length >= 7 && digits.length <= 15 ? right(`+${digits}`) : wrong(`it has ${digits.length} digits`);
  },
};
