import { defangDots } from "../defang-marks.ts";
import { keccak256 } from "../digest/keccak.ts";
import { type KindRule, right, wrong } from "../kind-rule.ts";
import { parseDomain } from "./domain.ts";

const base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const prefix = new TextEncoder().encode(".onion checksum");

/** Version 3 (rend-spec-v3): 32 bytes of key, 2 of checksum, 1 of version in base32. */
function hasRightChecksum(label: string): boolean {
  const bytes = new Uint8Array(35);
  let [bits, count, at] = [0, 0, 0];
  for (const character of label) {
    bits = ((bits << 5) | base32Alphabet.indexOf(character)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 0xff;
  }
  const message = new Uint8Array(prefix.length + 33);
  message.set(prefix);
  message.set(bytes.subarray(0, 32), prefix.length);
  message[prefix.length + 32] = 3;
  const hash = keccak256(message, 0x06);
  return bytes[34] === 3 && bytes[32] === hash[0] && bytes[33] === hash[1];
}

/** Lower case; names below the service are kept. */
export const onionRule: KindRule = {
  parse: (text) => {
    const domain = parseDomain(text);
    if (!domain.ok) return domain;
    const labels = domain.data.split(".");
    if (labels.at(-1) !== "onion") return wrong("it does not end in .onion");
    const label = labels.at(-2) ?? "";
    if (!/^(?:[a-z2-7]{16}|[a-z2-7]{56})$/.test(label))
      return wrong("what stands before .onion is not 16 or 56 base32 characters");
    return label.length === 16 || hasRightChecksum(label) ? right(domain.data) : wrong("its checksum is wrong");
  },
  defang: defangDots,
};
