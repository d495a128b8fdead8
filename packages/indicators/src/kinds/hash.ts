import { type KindRule, right, wrong } from "../kind-rule.ts";

/** A kind that is a fixed count of hexadecimal digits, in lower case. */
export function hexRule(digits: number): KindRule {
  return {
    parse: (text) => {
      const bad = /[^0-9a-fA-F]/u.exec(text);
      if (bad) return wrong(`“${bad[0]}” is not a hexadecimal digit`);
      return text.length === digits ? right(text.toLowerCase()) : wrong(`it has ${text.length} of ${digits} digits`);
    },
  };
}

/** Upper case with the version's T1, as the tool itself and every provider write it. Without T1 it is the older spelling. */
export const tlshRule: KindRule = {
  parse: (text) => {
    const match = /^(?:T1)?([0-9A-F]{70})$/i.exec(text);
    return match?.[1]
      ? right(`T1${match[1].toUpperCase()}`)
      : wrong("it is not 70 hexadecimal digits, with or without T1 before them");
  },
};

/** Case matters in base64. The file name that the tool prints after a comma is dropped. */
export const ssdeepRule: KindRule = {
  parse: (text) => {
    const bare = text.replace(/,"[^"]*"$/, "");
    const match = /^(\d{1,10}):([A-Za-z0-9+/]{1,64}):([A-Za-z0-9+/]{1,64})$/.exec(bare);
    if (!match) return wrong("it is not a block size and two base64 chunks of at most 64 characters");
    const blockSize = Number(match[1]);
    const doublings = Math.log2(blockSize / 3);
    return Number.isInteger(doublings) && doublings >= 0
      ? right(`${blockSize}:${match[2]}:${match[3]}`)
      : wrong(`a block size is 3, 6, 12 and so on, not ${match[1]}`);
  },
  // "12:30:45" is a time of day.
  recognises: (text) => text.length >= 20 && ssdeepRule.parse(text).ok,
};

/** FoxIO's JA4: transport, TLS version, SNI, counts and ALPN, then two truncated hashes. */
export const ja4Rule: KindRule = {
  parse: (text) => {
    const lower = text.toLowerCase();
    return /^[tqd](?:1[0-3]|s[1-3]|d[1-3]|00)[di]\d{4}[a-z0-9]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/.test(lower)
      ? right(lower)
      : wrong("its parts do not fit");
  },
};
