import { keccak256 } from "../digest/keccak.ts";
import { type KindRule, right, wrong } from "../kind-rule.ts";

const encoder = new TextEncoder();

/** The mixed case of EIP-55, in which the capitals are a checksum. */
function withChecksumCase(digits: string): string {
  const hash = keccak256(encoder.encode(digits), 0x01);
  const upper = digits.toUpperCase();
  let spelled = "";
  for (let i = 0; i < digits.length; i++)
    spelled += ((hash[i >> 1]! >> (i % 2 === 0 ? 4 : 0)) & 0xf) >= 8 ? upper[i] : digits[i];
  return spelled;
}

/** EIP-55 spelling. All lower or all upper case carries no checksum and is taken; mixed case has to be right. */
export const ethereumRule: KindRule = {
  parse: (text) => {
    const match = /^0x([0-9a-f]{40})$/i.exec(text);
    const digits = match?.[1];
    if (digits === undefined) return wrong("it is not 0x and 40 hexadecimal digits");
    const canonical = withChecksumCase(digits.toLowerCase());
    const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
    return isMixed && digits !== canonical
      ? wrong("its capitals, which are a checksum, are wrong")
      : right(`0x${canonical}`);
  },
};
