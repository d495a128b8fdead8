import { defangDots } from "../defang-marks.ts";
import { type KindRule, type ParseResult, right, wrong } from "../kind-rule.ts";
import { hasKnownSuffix, parseDomain } from "./domain.ts";
import { parseIpv4, parseIpv6 } from "./ip.ts";
import { parsePort } from "./ip-port.ts";

/** Schemes with a host, and the port that need not be written (0: it always is). */
const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
  ["ftp", 21],
  ["ftps", 990],
  ["sftp", 22],
  ["ssh", 22],
  ["telnet", 23],
  ["ws", 80],
  ["wss", 443],
  ["ldap", 389],
  ["ldaps", 636],
  ["smb", 445],
  ["rdp", 3389],
  ["vnc", 5900],
  ["rtsp", 554],
  ["rmi", 1099],
  ["irc", 6667],
  ["ircs", 6697],
  ["git", 9418],
  ["gopher", 70],
  ["tcp", 0],
  ["udp", 0],
]);

/** A URL cut where its parts meet; nothing is decoded. */
interface UrlParts {
  /** Lower case; empty where the text has none. */
  readonly scheme: string;
  readonly userInfo: string;
  readonly host: string;
  readonly port: string;
  /** Path, query and fragment, to the letter. */
  readonly rest: string;
}

/** Cuts a text at scheme, authority and rest; null where it has no host. */
function splitUrl(text: string): UrlParts | null {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]{0,30}):[\\/]{2}/.exec(text);
  const scheme = match?.[1]?.toLowerCase() ?? "";
  const body = match ? text.slice(match[0].length) : text;
  const end = body.search(/[/?#\\]/);
  const authority = end < 0 ? body : body.slice(0, end);
  const at = authority.lastIndexOf("@");
  const hostPort = authority.slice(at + 1);
  const colon = hostPort.startsWith("[") ? hostPort.indexOf(":", hostPort.indexOf("]")) : hostPort.indexOf(":");
  const host = colon < 0 ? hostPort : hostPort.slice(0, colon);
  if (host === "") return null;
  return {
    scheme,
    userInfo: at < 0 ? "" : authority.slice(0, at + 1),
    host,
    port: colon < 0 ? "" : hostPort.slice(colon + 1),
    rest: end < 0 ? "" : body.slice(end),
  };
}

/** Odd spellings of IPv4 (0x7f.1, 2130706433, 017700000001) stay as they were seen: the spelling is evidence. */
function parseHost(host: string): ParseResult {
  if (host.startsWith("[")) {
    const address = parseIpv6(host);
    return address.ok ? right(`[${address.data}]`) : address;
  }
  const lower = host.toLowerCase();
  if (/^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}$/.test(lower)) return right(lower);
  if (!lower.includes(".") && /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(lower)) return right(lower);
  return parseDomain(host);
}

/**
 * Scheme and host in lower case, the host in ASCII, the scheme's own port left out, an empty path written as "/"
 * (RFC 3986, 6.2.3). Without a scheme it is taken for http, as a browser's address line takes it. User, path, query and fragment are never altered.
 */
function parseUrl(text: string): ParseResult {
  const blank = /[\s\p{Cc}]/u.exec(text);
  if (blank) return wrong("it has a space or a control character in it; a space is written %20");
  const parts = splitUrl(text);
  if (parts === null) return wrong("it has no host");
  if (parts.scheme === "" && (parts.userInfo !== "" || !parts.host.includes("."))) return wrong("it has no scheme");
  const scheme = parts.scheme || "http";
  const defaultPort = defaultPorts.get(scheme);
  if (defaultPort === undefined) return wrong(`“${scheme}” is not a scheme that names a host`);
  const host = parseHost(parts.host);
  if (!host.ok) return wrong(`its host is wrong: ${host.wrong}`);
  const port = parts.port === "" ? defaultPort : parsePort(parts.port);
  if (port === null) return wrong("its port is not a number from 1 to 65535");
  const shownPort = port === defaultPort ? "" : `:${port}`;
  const rest = /^[/\\]/.test(parts.rest) ? parts.rest : `/${parts.rest}`;
  return right(`${scheme}://${parts.userInfo}${host.data}${shownPort}${rest}`);
}

/** Without a scheme a text is a URL where it has more than a host, and the host is an address or ends in a known suffix. */
function recognisesUrl(text: string): boolean {
  if (!parseUrl(text).ok) return false;
  const parts = splitUrl(text);
  if (parts === null) return false;
  if (parts.scheme !== "") return true;
  if (parts.rest === "" && parts.port === "") return false;
  if (parseIpv4(parts.host).ok) return true;
  const domain = parseDomain(parts.host);
  return domain.ok && hasKnownSuffix(domain.data);
}

const defangedSchemes: Readonly<Record<string, string>> = { http: "hxxp://", https: "hxxps://", ftp: "fxp://" };

export const urlRule: KindRule = {
  parse: parseUrl,
  recognises: recognisesUrl,
  defang: (data) => {
    const end = data.indexOf("://");
    const scheme = data.slice(0, end);
    return `${defangedSchemes[scheme] ?? `${scheme}[://]`}${defangDots(data.slice(end + 3))}`;
  },
};
