/** What an analyst needs to see of a kind to choose it. */
export interface IndicatorKindInfo {
  readonly kind: IndicatorKind;
  readonly label: string;
  /** What a value of the kind looks like, as the end of the sentence "Expected …". */
  readonly description: string;
  /** A value in canonical form. */
  readonly example: string;
  readonly group: IndicatorKindGroup;
}

export type IndicatorKindGroup =
  | "network"
  | "web"
  | "file"
  | "fingerprint"
  | "identity"
  | "currency"
  | "vulnerability"
  | "host";

const table = [
  {
    kind: "IPV4",
    label: "IPv4 address",
    description: "four decimal numbers from 0 to 255 with dots between",
    example: "8.8.8.8",
    group: "network",
  },
  {
    kind: "IPV6",
    label: "IPv6 address",
    description: "eight groups of hexadecimal digits with colons between, zeros may be shortened to ::",
    example: "2001:4860:4860::8888",
    group: "network",
  },
  {
    kind: "CIDR",
    label: "Network",
    description: "an IP address, a slash and the length of the prefix",
    example: "192.0.2.0/24",
    group: "network",
  },
  {
    kind: "ASN",
    label: "AS number",
    description: "AS and a number from 0 to 4294967295",
    example: "AS15169",
    group: "network",
  },
  {
    kind: "IP_PORT",
    label: "IP address and port",
    description: "an IP address, a colon and a port from 1 to 65535; IPv6 in square brackets",
    example: "203.0.113.7:4444",
    group: "network",
  },
  {
    kind: "MAC",
    label: "MAC address",
    description: "six octets in hexadecimal with colons between",
    example: "00:50:56:c0:00:08",
    group: "network",
  },
  {
    kind: "DOMAIN",
    label: "Domain name",
    description: "labels of letters, digits and hyphens with dots between",
    example: "example.com",
    group: "web",
  },
  {
    kind: "URL",
    label: "URL",
    description: "a scheme, a host and what follows it",
    example: "https://example.com/path?query=1",
    group: "web",
  },
  {
    kind: "ONION",
    label: "Onion service",
    description: "56 (version 3) or 16 (version 2) base32 characters and .onion",
    example: "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion",
    group: "web",
  },
  {
    kind: "EMAIL",
    label: "E-mail address",
    description: "a mailbox, an @ and a domain name",
    example: "someone@example.com",
    group: "identity",
  },
  {
    kind: "PHONE",
    label: "Telephone number",
    description: "a plus sign, the country code and the number: 7 to 15 digits in all",
    example: "+14155550132",
    group: "identity",
  },
  {
    kind: "MD5",
    label: "MD5 hash",
    description: "32 hexadecimal digits",
    example: "44d88612fea8a8f36de82e1278abb02f",
    group: "file",
  },
  {
    kind: "SHA1",
    label: "SHA-1 hash",
    description: "40 hexadecimal digits",
    example: "3395856ce81f2b7382dee72602f798b642f14140",
    group: "file",
  },
  {
    kind: "SHA256",
    label: "SHA-256 hash",
    description: "64 hexadecimal digits",
    example: "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
    group: "file",
  },
  {
    kind: "SHA512",
    label: "SHA-512 hash",
    description: "128 hexadecimal digits",
    example:
      "cc805d5fab1fd71a4ab352a9c533e65fb2d5b885518f4e565e68847223b8e6b85cb48f3afad842726d99239c9e36505c64b0dc9a061d9e507d833277ada336ab",
    group: "file",
  },
  {
    kind: "TLSH",
    label: "TLSH fuzzy hash",
    description: "T1 and 70 hexadecimal digits",
    example: "T1B37110D2A5D2313F25F1D2A7D6B1D0D5C0A3F0E1B2C3D4E5F60718293A4B5C6D7E8F90",
    group: "file",
  },
  {
    kind: "SSDEEP",
    label: "ssdeep fuzzy hash",
    description: "a block size and two base64 chunks with colons between",
    example: "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
    group: "file",
  },
  {
    kind: "IMPHASH",
    label: "Import hash",
    description: "32 hexadecimal digits",
    example: "f34d5f2d4577ed6d9ceec516c1f5a744",
    group: "fingerprint",
  },
  {
    kind: "JA3",
    label: "JA3 TLS fingerprint",
    description: "32 hexadecimal digits",
    example: "6734f37431670b3ab4292b8f60f29984",
    group: "fingerprint",
  },
  {
    kind: "JA4",
    label: "JA4 TLS fingerprint",
    description: "10 characters and two groups of 12 hexadecimal digits with underscores between",
    example: "t13d1516h2_8daaf6152771_b186095e22b6",
    group: "fingerprint",
  },
  {
    kind: "JARM",
    label: "JARM TLS fingerprint",
    description: "62 hexadecimal digits",
    example: "27d40d40d29d40d1dc42d43d00041d4689ee210389f4f6b4b5b1b93f92252d",
    group: "fingerprint",
  },
  {
    kind: "CVE",
    label: "CVE identifier",
    description: "CVE, a year and a number of four or more digits",
    example: "CVE-2021-44228",
    group: "vulnerability",
  },
  {
    kind: "BTC",
    label: "Bitcoin address",
    description: "a mainnet address (1…, 3… or bc1…) whose checksum is right",
    example: "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    group: "currency",
  },
  {
    kind: "ETH",
    label: "Ethereum address",
    description: "0x and 40 hexadecimal digits",
    example: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
    group: "currency",
  },
  {
    kind: "REGISTRY_KEY",
    label: "Windows registry key",
    description: "a hive such as HKEY_LOCAL_MACHINE and a path with backslashes",
    example: "HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run",
    group: "host",
  },
] as const;

export type IndicatorKind = (typeof table)[number]["kind"];

/**
 * Every kind, in the order in which a person is offered them. File names, user names and user agents are not kinds:
 * any text is one, so they can be neither validated nor told apart from the others.
 */
export const indicatorKinds: readonly IndicatorKindInfo[] = table;

const infoByKind = new Map<string, IndicatorKindInfo>(table.map((info) => [info.kind, info]));

/** True for the exact, upper-case name of a kind. */
export function isIndicatorKind(text: unknown): text is IndicatorKind {
  return typeof text === "string" && infoByKind.has(text);
}

/** The description of a kind. */
export function indicatorKindInfo(kind: IndicatorKind): IndicatorKindInfo {
  const info = infoByKind.get(kind);
  if (info === undefined) throw new Error(`Unknown indicator kind ${String(kind)}`);
  return info;
}
