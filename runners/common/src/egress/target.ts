import { isIP } from "node:net";
import { classifyAddress } from "./address-policy.ts";
import { denied } from "./egress-error.ts";
import { hostOfUrl } from "./host-and-port.ts";
import { isAllowedEndpoint, type HttpEndpoint, type HostPattern } from "./host-pattern.ts";
import type { PrivateAllowance } from "./private-allowance.ts";
import { classifyName } from "./refused-names.ts";

/** A URL that the policy lets through as far as its text goes; its addresses are still to be checked. */
export interface Target extends HttpEndpoint {
  /** Without user name, fragment and trailing dot of the host. */
  readonly url: URL;
  /** Whether the operator's private exceptions may apply: the source names this host, not just any. */
  readonly isNamed: boolean;
}

export interface TargetPolicy {
  readonly patterns: readonly HostPattern[];
  /** The entries as written, and what is wrong with those that are not valid; for messages. */
  readonly describedHosts: string;
  readonly allowance: PrivateAllowance;
  readonly urlCharsMax: number;
}

/** Parses an URL and holds it against the policy. Throws an EgressError; nothing is looked up or sent. */
export function checkTarget(text: string, policy: TargetPolicy): Target {
  const url = parseUrl(text, policy.urlCharsMax);
  const host = hostOfUrl(url);
  if (host === undefined)
    throw denied(`"${url.hostname.slice(0, 255)}" is not a valid host name.`, url.hostname.slice(0, 255));
  if (isIP(host) === 0 && url.hostname !== host) url.hostname = host;
  const protocol = url.protocol === "https:" ? "https:" : "http:";
  const port = url.port === "" ? (protocol === "https:" ? 443 : 80) : Number(url.port);
  const match = isAllowedEndpoint(policy.patterns, { protocol, host, port });
  if (match === undefined) {
    throw denied(
      `${protocol}//${url.host} is not among the allowed hosts of this source (${policy.describedHosts}). ` +
        `Add "${url.host}" to its hosts if it should be.`,
      host,
    );
  }
  const target: Target = { url, protocol, host, port, isNamed: match === "named" };
  checkName(target, policy.allowance);
  return target;
}

function parseUrl(text: string, charsMax: number): URL {
  if (text.length > charsMax) throw denied(`The URL is longer than ${charsMax} characters.`);
  // The parser would quietly drop tabs and line breaks; nobody writes them by accident.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) throw denied("The URL contains control characters.");
  if (!URL.canParse(text)) throw denied("The URL is not valid. Give an absolute URL such as https://example.com/path.");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw denied(`Only https and http URLs can be requested, not ${url.protocol.slice(0, 32)}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw denied("The URL contains a user name or password. Send an Authorization header instead.", url.hostname);
  }
  url.hash = "";
  return url;
}

function checkName(target: Target, allowance: PrivateAllowance): void {
  const { host, port } = target;
  const nameClass = classifyName(host);
  const isOpened = target.isNamed && allowance.permitsName(host, port);
  if (nameClass === "never" || (nameClass === "local" && !isOpened)) {
    throw denied(
      `${host} is a name of the local network or of its metadata service, which sources cannot reach.`,
      host,
    );
  }
  if (isIP(host) !== 0) checkAddress(target, { address: host, port }, allowance);
}

/** Refuses an address that is not global unless the operator opened it. Throws an EgressError without naming the address. */
export function checkAddress(
  target: Target,
  pinned: { readonly address: string; readonly port: number },
  allowance: PrivateAllowance,
): void {
  const addressClass = classifyAddress(pinned.address);
  if (addressClass === "global") return;
  const isOpened =
    addressClass === "private" &&
    target.isNamed &&
    (allowance.permitsName(target.host, target.port) || allowance.permitsAddress(pinned.address, pinned.port));
  if (!isOpened) {
    throw denied(
      `${target.host} is not at a public address. Private networks are closed to sources unless the operator opens them.`,
      target.host,
    );
  }
}
