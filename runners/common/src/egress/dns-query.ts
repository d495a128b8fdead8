import { Resolver } from "node:dns/promises";

/** Why a name has no records. The first two are facts about the name, the others failures to learn them. */
export type DnsFailureCode = "NXDOMAIN" | "NODATA" | "TIMEOUT" | "FAILED";

export class DnsFailure extends Error {
  readonly code: DnsFailureCode;

  constructor(code: DnsFailureCode, message: string) {
    super(message);
    this.name = "DnsFailure";
    this.code = code;
  }
}

export interface DnsClient {
  /**
   * Asks the configured servers; no hosts file, no search domains. Throws a DnsFailure, or the signal's reason.
   * `ask` gets a resolver of its own, with sockets of its own.
   */
  query<Answer>(ask: (resolver: Resolver) => Promise<Answer>, signal: AbortSignal): Promise<Answer>;
}

const facts: Record<string, DnsFailureCode> = { ENOTFOUND: "NXDOMAIN", ENODATA: "NODATA", ETIMEOUT: "TIMEOUT" };
const reasons: Record<string, string> = {
  ENOTFOUND: "the name does not exist",
  ENODATA: "the name has no such records",
  ETIMEOUT: "no DNS server answered in time",
  ESERVFAIL: "the DNS server could not answer (SERVFAIL)",
  EREFUSED: "the DNS server refused to answer",
  ECONNREFUSED: "no DNS server could be reached",
  EBADRESP: "the DNS server's answer is malformed",
  EBADNAME: "the name is not valid in DNS",
};

/** `servers` as "ip" or "ip:port"; empty for the system's. */
export function createDnsClient(servers: readonly string[], timeoutMs: number): DnsClient {
  return {
    async query(ask, signal) {
      signal.throwIfAborted();
      const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 3), tries: 2 });
      if (servers.length > 0) resolver.setServers(servers);
      let isTimedOut = false;
      const timer = setTimeout(() => {
        isTimedOut = true;
        resolver.cancel();
      }, timeoutMs);
      const cancel = () => resolver.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      try {
        return await ask(resolver);
      } catch (error) {
        signal.throwIfAborted();
        throw toFailure(isTimedOut ? "ETIMEOUT" : codeOf(error));
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", cancel);
      }
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

function toFailure(code: string): DnsFailure {
  return new DnsFailure(facts[code] ?? "FAILED", reasons[code] ?? `the lookup failed (${code})`);
}
