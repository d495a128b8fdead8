import { type KindRule, right, wrong } from "../kind-rule.ts";

/** Upper case. The typographic dashes of documents are read as hyphens. */
export const cveRule: KindRule = {
  parse: (text) => {
    const match = /^CVE[-_\s\u2010-\u2015](\d{4})[-_\s\u2010-\u2015](\d{1,19})$/i.exec(text);
    if (!match) return wrong("it is not CVE, a year and a number with hyphens between");
    if (Number(match[1]) < 1999) return wrong(`there were no CVE identifiers in ${match[1]}`);
    const digits = (match[2] ?? "").length;
    return digits >= 4
      ? right(`CVE-${match[1]}-${match[2]}`)
      : wrong(`its number has ${digits} digits, the least is four`);
  },
};
