/** Bounds of everything a source can make the broker do. Bytes are octets, times are milliseconds. */
export const egressLimits = {
  /** HTTP requests of one lease; each redirect hop counts as one. */
  requestsMax: 20,
  /** DNS lookups that one lease asks for itself (the broker's own lookups of request hosts do not count). */
  dnsLookupsMax: 40,
  /** Requests and lookups of one lease under way at once; more wait their turn. */
  concurrentMax: 4,
  redirectsMax: 3,
  /** TCP and TLS handshake together, per address; through a proxy, with its handshake too. */
  connectTimeoutMs: 3000,
  /** From the request being sent to the end of the response head. */
  headersTimeoutMs: 5000,
  /** Longest silence inside a response body. */
  bodyIdleTimeoutMs: 5000,
  dnsTimeoutMs: 3000,
  urlCharsMax: 8192,
  /** Holds for request headers and response headers alike. */
  headersMax: 64,
  headerBytesMax: 32 * 1024,
  /** 1xx heads before the real one. */
  informationalMax: 8,
  requestBodyBytesMax: 1024 * 1024,
  /** Response body as it comes off the wire. */
  wireBytesMax: 1024 * 1024,
  /** Response body after decompression. */
  bodyBytesMax: 5 * 1024 * 1024,
  /** Decompressed to compressed bytes; only judged once the output passes the floor. */
  compressionRatioMax: 100,
  compressionRatioFloorBytes: 128 * 1024,
  /** Addresses of one host that are tried before giving up. */
  addressesTriedMax: 3,
  /** Connections of all leases together to one host, port and address, and requests under way over them, HTTP/2 included. */
  connectionsPerTargetMax: 8,
  /** Hosts with kept-alive connections; the least recently used is closed. */
  targetsKeptMax: 128,
  /** Longest time a DNS answer is remembered, whatever its TTL. */
  dnsCacheMaxMs: 60_000,
} satisfies Record<string, number>;

export type EgressLimits = { readonly [Name in keyof typeof egressLimits]: number };
