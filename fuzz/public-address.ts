// What the broker must never connect to unless it is opened, written down from the IANA special-purpose registries (RFC 6890 and its
// successors) and not with the library that the broker uses: an oracle that shares its subject's mistakes finds none.

const notPublicIpv4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`;
// Within 2000::/3, outside of which nothing is public: IETF protocols (Teredo among them), documentation, 6to4.
const notPublicIpv6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20";

interface Range {
  readonly base: bigint;
  readonly bits: bigint;
}

function ipv4Number(text: string): bigint {
  return text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6Number(text: string): bigint {
  const tail = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const low = tail === undefined ? 0n : ipv4Number(tail);
  const words =
    tail === undefined ? text : text.replace(tail, `${(low >> 16n).toString(16)}:${(low & 65535n).toString(16)}`);
  const [head = "", rest] = words.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = rest === undefined || rest === "" ? [] : rest.split(":");
  const filler = rest === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...filler, ...after].reduce((sum, word) => sum * 65536n + BigInt(`0x${word}`), 0n);
}

function rangesOf(list: string, width: bigint, numberOf: (text: string) => bigint): Range[] {
  return list.split(/\s+/).map((cidr) => {
    const [address = "", length = "0"] = cidr.split("/");
    return { base: numberOf(address), bits: width - BigInt(length) };
  });
}

const ipv4Ranges = rangesOf(notPublicIpv4, 32n, ipv4Number);
const ipv6Ranges = rangesOf(notPublicIpv6, 128n, ipv6Number);
const isIn = (address: bigint, { base, bits }: Range): boolean => address >> bits === base >> bits;

/** Whether an address, in the canonical form that sockets take, is one of the public internet. */
export function isPublicAddress(text: string): boolean {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const address = ipv4Number(text);
    return !ipv4Ranges.some((range) => isIn(address, range));
  }
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(":")) return false;
  const address = ipv6Number(text);
  return address >> 125n === 1n && !ipv6Ranges.some((range) => isIn(address, range));
}
