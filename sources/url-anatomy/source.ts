// Facts of a URL that follow from its letters alone. It is never visited.

interface Parts {
  scheme: string;
  userInfo: string;
  host: string;
  port: number | null;
  path: string;
  query: string | null;
  fragment: string | null;
}

interface Layer {
  wrapper: string;
  url: string;
  /** Whether the wrapper is known to redirect, and does not just carry another URL. */
  known: boolean;
}

const layersMax = 8;
const defaultPorts: Record<string, number> = { http: 80, https: 443, ftp: 21, ws: 80, wss: 443 };

const shorteners =
  "bit.ly t.co tinyurl.com goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at t.ly lnkd.in s.id tiny.cc v.gd bl.ink soo.gd qrco.de tr.ee urlz.fr clck.ru u.to";

// What a link that ends so most likely downloads.
const extensionSorts: Record<string, string> = {
  executable: "exe scr com dll msi msix appx cpl pif sys jar apk app dmg pkg deb rpm elf bin run",
  script: "js jse vbs vbe wsf wsh hta ps1 psm1 bat cmd sh py pl lnk url reg scf",
  document: "doc docx docm dot dotm xls xlsx xlsm xlsb xll ppt pptx pptm rtf pdf one iqy slk csv odt ods",
  archive: "zip rar 7z gz tgz bz2 xz tar cab iso img vhd vhdx ace arj lzh",
};

export async function fetchData(indicator: Indicator) {
  const parts = split(indicator.data);
  if (parts === null) throw new Error("The URL has no scheme and host");
  const address = readAddress(parts.host);
  const layers = unwrapAll(parts, indicator.data);
  const extension = extensionOf(parts.path);
  const parameters = readParameters(parts.query);
  const hidden = findHidden(parts, layers);
  const reasons: Reason[] = [];
  const labels: string[] = [];
  const note = (label: string, code: string, text: string) => {
    labels.push(label);
    reasons.push({ code, text: text.length > 500 ? `${text.slice(0, 499)}…` : text });
  };

  const opinions = [credentialsReason(parts), obfuscatedAddressReason(parts, address)].filter(
    (reason) => reason !== null,
  );
  for (const reason of opinions) note(reason.code.replaceAll("_", "-"), reason.code, reason.text);
  if (address !== null) labels.push("ip-host");
  if (parts.host.includes("xn--")) labels.push("idn-host");
  if (shorteners.split(" ").includes(parts.host))
    note("shortener", "shortener", `${parts.host} shortens links: where this one leads shows only when it is followed`);
  const last = layers.at(-1);
  if (last)
    note(
      "wrapped",
      "wrapped",
      `Another URL is inside ${layers.map((layer) => layer.wrapper).join(", then ")}: it ${layers.every((layer) => layer.known) ? "leads" : "may lead"} to ${last.url}`,
    );
  if (parts.port !== null) note("unusual-port", "unusual_port", `Port ${parts.port}, not the scheme's own`);
  if (/%25[0-9a-f]{2}/i.test(parts.path + (parts.query ?? "")))
    note("double-encoded", "double_encoding", "Percent signs are encoded twice, a way past filters");
  if (hidden.some((find) => find.kind === "EMAIL"))
    note("carries-email", "carries_email", "An e-mail address is in the link: who follows it is known by name");
  const sort =
    extension === null
      ? undefined
      : Object.keys(extensionSorts).find((key) => extensionSorts[key]?.split(" ").includes(extension));
  if (extension !== null && (sort === "executable" || sort === "script"))
    note(sort, `${sort}_extension`, `It names a file that runs (.${extension})`);

  return {
    data: {
      scheme: parts.scheme,
      userInfo: parts.userInfo || null,
      host: parts.host,
      hostAddress: address,
      port: parts.port ?? defaultPorts[parts.scheme] ?? null,
      path: parts.path,
      decodedPath: decode(parts.path),
      parameters,
      fragment: parts.fragment,
      extension,
      extensionSort: sort ?? null,
      length: indicator.data.length,
      layers,
      finalUrl: last?.url ?? null,
      hidden,
    },
    verdict: opinions.length > 0 ? "suspicious" : "none",
    reasons,
    labels,
    facts: sort === undefined ? {} : { fileName: decode(lastSegment(parts.path)).slice(0, 1000) },
    relations: relate(parts, address, layers, hidden),
  };
}

/** RFC 3986 by hand: browsers' own parsers rewrite what is evidence here. */
function split(url: string): Parts | null {
  const match = /^([a-z][a-z0-9+.-]*):[\\/]{2}([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/i.exec(url);
  if (match === null) return null;
  const [, scheme = "", authority = "", path = "", query, fragment] = match;
  const at = authority.lastIndexOf("@");
  const hostPort = /^(\[[0-9a-f:.]*\]|[^:[\]]*)(?::(\d*))?$/.exec(authority.slice(at + 1));
  if (hostPort === null || !hostPort[1]) return null;
  const port = hostPort[2] ? Number(hostPort[2]) : null;
  const lower = scheme.toLowerCase();
  return {
    scheme: lower,
    userInfo: at < 0 ? "" : authority.slice(0, at),
    host: hostPort[1].toLowerCase(),
    port: port === defaultPorts[lower] ? null : port,
    path: path || "/",
    query: query ?? null,
    fragment: fragment ?? null,
  };
}

function join(parts: Parts): string {
  const user = parts.userInfo === "" ? "" : `${parts.userInfo}@`;
  const port = parts.port === null ? "" : `:${parts.port}`;
  const query = parts.query === null ? "" : `?${parts.query}`;
  const fragment = parts.fragment === null ? "" : `#${parts.fragment}`;
  return `${parts.scheme}://${user}${parts.host}${port}${parts.path}${query}${fragment}`;
}

function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** base64 or base64url, with or without padding; null where it is neither. */
function bytesOfBase64(text: string): Uint8Array | null {
  const bare = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  try {
    const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** What base64 hides, where that is text that can be shown; null otherwise. */
function decodeBase64(text: string): string | null {
  const bytes = /^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text) ? bytesOfBase64(text) : null;
  if (bytes === null) return null;
  const decoded = new TextDecoder().decode(bytes);
  return /[\p{Cc}\ufffd]/u.test(decoded) ? null : decoded;
}

function readParameters(query: string | null): { name: string; value: string }[] {
  if (query === null || query === "") return [];
  return query
    .split("&")
    .slice(0, 200)
    .map((pair) => {
      const equals = pair.indexOf("=");
      const name = equals < 0 ? pair : pair.slice(0, equals);
      return {
        name: decode(name.replaceAll("+", " ")),
        value: equals < 0 ? "" : decode(pair.slice(equals + 1).replaceAll("+", " ")),
      };
    });
}

function lastSegment(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function extensionOf(path: string): string | null {
  return /\.([a-z0-9]{1,8})$/i.exec(decode(lastSegment(path)))?.[1]?.toLowerCase() ?? null;
}

/** The address that a browser reads in a host, in canonical form: dotted, integer, hexadecimal, octal and mixed. */
function readAddress(host: string): { kind: "IPV4" | "IPV6"; data: string } | null {
  if (host.startsWith("[")) return { kind: "IPV6", data: host.slice(1, -1) };
  const pieces = host.split(".");
  if (pieces.length > 4 || !pieces.every((piece) => /^(?:0x[0-9a-f]*|\d+)$/.test(piece))) return null;
  const numbers = pieces.map((piece) =>
    piece.startsWith("0x")
      ? Number(piece === "0x" ? 0 : piece)
      : /^0[0-7]+$/.test(piece)
        ? Number.parseInt(piece, 8)
        : Number(piece),
  );
  const last = numbers.pop() ?? 0;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return null;
  const value = numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
  return { kind: "IPV4", data: [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".") };
}

function credentialsReason({ userInfo, host }: Parts): Reason | null {
  if (userInfo === "") return null;
  const user = decode(userInfo).slice(0, 500);
  const decoy = /(?:^|[/:@\s])((?:[a-z0-9-]+\.)+[a-z]{2,24})(?:$|[/:@\s])/i.exec(user);
  return decoy
    ? { code: "decoy_host", text: `“${decoy[1]}” before the @ is a user name, not the host: the link leads to ${host}` }
    : {
        code: "credentials",
        text: `A user name is written into the link; browsers drop or hide it, and the host is ${host}`,
      };
}

function obfuscatedAddressReason(
  { host }: Parts,
  address: { kind: IndicatorKind; data: string } | null,
): Reason | null {
  if (address === null || address.kind !== "IPV4" || address.data === host) return null;
  return {
    code: "obfuscated_address",
    text: `The host ${host} is the address ${address.data}, written so that people and filters do not see it`,
  };
}

/** How to get the URL out of a wrapper: the name of its parameter, or a function of the wrapper's parts. */
type Unwrap = string | ((parts: Parts, parameter: (name: string) => string) => string | null);

const google = /(?:^|\.)google\.[a-z.]{2,6}$/;
const wrappers: { name: string; host: RegExp; path?: RegExp; unwrap: Unwrap }[] = [
  { name: "Microsoft SafeLinks", host: /\.safelinks\.protection\.(?:outlook|office365)\.(?:com|us)$/, unwrap: "url" },
  { name: "Proofpoint urldefense v1", host: /^urldefense\.proofpoint\.com$/, path: /^\/v1\/url/, unwrap: "u" },
  {
    name: "Proofpoint urldefense v2",
    host: /^urldefense\.proofpoint\.com$/,
    path: /^\/v2\/url/,
    unwrap: (_, get) => decode(get("u").replaceAll("-", "%").replaceAll("_", "/")),
  },
  {
    name: "Proofpoint urldefense v3",
    host: /^urldefense(?:\.proofpoint)?\.(?:com|us)$/,
    path: /^\/v3\//,
    unwrap: (parts) => unwrapProofpoint3(join(parts)),
  },
  { name: "Google", host: google, path: /^\/url$/, unwrap: (_, get) => get("q") || get("url") },
  {
    name: "Google AMP",
    host: google,
    path: /^\/amp\/(?:s\/)?[^/]+\./,
    unwrap: (parts) => `https://${parts.path.replace(/^\/amp\/(?:s\/)?/, "")}`,
  },
  { name: "Bing", host: /(?:^|\.)bing\.com$/, path: /^\/ck\/a/, unwrap: (_, get) => decodeBase64(get("u").slice(2)) },
  { name: "DuckDuckGo", host: /(?:^|\.)duckduckgo\.com$/, path: /^\/l\//, unwrap: "uddg" },
  { name: "Facebook", host: /^lm?\.(?:facebook|instagram)\.com$/, unwrap: "u" },
  { name: "LinkedIn", host: /(?:^|\.)linkedin\.com$/, path: /^\/(?:redir|safety)/, unwrap: "url" },
  { name: "YouTube", host: /(?:^|\.)youtube\.com$/, path: /^\/redirect/, unwrap: "q" },
  { name: "Slack", host: /^slack-redir\.net$/, unwrap: "url" },
  { name: "Steam", host: /^steamcommunity\.com$/, path: /^\/linkfilter/, unwrap: (_, get) => get("url") || get("u") },
  { name: "Barracuda", host: /^linkprotect\.cudasvc\.com$/, unwrap: "a" },
  { name: "Cisco Secure Email", host: /^secure-web\.cisco\.com$/, unwrap: (parts) => decode(lastSegment(parts.path)) },
  { name: "Trend Micro", host: /(?:^|\.)trendmicro\.com$/, path: /clicktime/, unwrap: "url" },
  { name: "Sophos", host: /(?:^|\.)protection\.sophos\.com$/, unwrap: (_, get) => decodeBase64(get("u")) },
  { name: "FireEye", host: /^protect\d*\.fireeye\.com$/, unwrap: "u" },
];

/** Version 3 keeps the URL between double underscores and takes the characters it replaced by asterisks from a base64 list. */
function unwrapProofpoint3(url: string): string | null {
  const match = /\/v3\/__(.+?)__;([A-Za-z0-9_-]*)!/.exec(url);
  if (match?.[1] === undefined) return null;
  const replaced = [...new TextDecoder().decode(bytesOfBase64(match[2] ?? "") ?? new Uint8Array())];
  const runs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const plain = decode(match[1]).replace(/\*(?:\*([A-Za-z0-9_-]))?/g, (_, run?: string) =>
    replaced.splice(0, run === undefined ? 1 : runs.indexOf(run) + 2).join(""),
  );
  return plain.replace(/^([a-z]+):\/(?=[^/])/i, "$1://");
}

/** The URL inside a wrapper, with the wrapper's name; null where it is none. */
function unwrap(parts: Parts): Layer | null {
  const parameters = readParameters(parts.query);
  const get = (name: string) => parameters.find((parameter) => parameter.name.toLowerCase() === name)?.value ?? "";
  const wrapper = wrappers.find(
    ({ host, path }) => host.test(parts.host) && (path === undefined || path.test(parts.path)),
  );
  const known = typeof wrapper?.unwrap === "string" ? get(wrapper.unwrap) : wrapper?.unwrap(parts, get);
  if (wrapper && known && /^https?:/i.test(known)) return { wrapper: wrapper.name, url: known, known: true };
  for (const { name, value } of parameters) {
    for (const candidate of [value, decode(value), decodeBase64(value)]) {
      if (candidate !== null && /^https?:\/\/[^\s/?#]+/i.test(candidate))
        return { wrapper: `${parts.host} (parameter ${name})`, url: candidate, known: false };
    }
  }
  const inPath = /\/(https?:\/{1,2}[^/\s]+\.[^\s]*)$/i.exec(decode(parts.path))?.[1];
  return inPath === undefined
    ? null
    : { wrapper: `${parts.host} (path)`, url: inPath.replace(/^(https?):\/(?=[^/])/i, "$1://"), known: false };
}

function unwrapAll(parts: Parts, url: string): Layer[] {
  const layers: Layer[] = [];
  const seen = new Set([url]);
  let current: Parts | null = parts;
  while (current !== null && layers.length < layersMax) {
    const layer = unwrap(current);
    current = layer === null ? null : split(layer.url.trim().replace(/[\s\p{Cc}]/gu, encodeURIComponent));
    if (layer === null || current === null) break;
    const inner = join(current);
    if (seen.has(inner)) break;
    seen.add(inner);
    layers.push({ ...layer, url: inner });
  }
  return layers;
}

/** A name that can be looked up: in ASCII, with a top-level domain that is no number. */
function isDomain(host: string): boolean {
  return /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+$|0x)[a-z0-9-]{1,62}[a-z0-9]$/.test(host);
}

interface Hidden {
  kind: IndicatorKind;
  data: string;
  where: string;
}

const emailPattern =
  /(?<![a-z0-9._%+-])[a-z0-9]+(?:[._+-][a-z0-9]+){0,9}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![a-z0-9-])/gi;
const addressPattern = /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])/g;
const hashPattern = /(?<![0-9a-f])(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])/gi;
const hashKinds: Record<number, IndicatorKind> = { 32: "MD5", 40: "SHA1", 64: "SHA256", 128: "SHA512" };

/** Indicators in path, query and fragment, plain or in base64. The wrapped URL is looked at by its own lookup. */
function findHidden(parts: Parts, layers: Layer[]): Hidden[] {
  const found = new Map<string, Hidden>();
  const add = (kind: IndicatorKind, data: string, where: string) =>
    found.size < 50 && found.set(`${kind} ${data}`, { kind, data, where });
  const texts: [string, string][] = [["path", decode(parts.path)]];
  for (const { name, value } of readParameters(parts.query))
    if (!(layers.length > 0 && /^https?:/i.test(value))) texts.push([`parameter ${name}`, value]);
  if (parts.fragment !== null) texts.push(["fragment", decode(parts.fragment)]);
  for (const [where, text] of texts) {
    const pieces = text.split(/[/?&=#,;|]/).map((piece) => decodeBase64(piece));
    for (const plain of [text, ...pieces.filter((piece) => piece !== null)]) {
      const place = plain === text ? where : `${where}, base64`;
      for (const [email] of plain.matchAll(emailPattern))
        add("EMAIL", email.slice(0, email.lastIndexOf("@")) + email.slice(email.lastIndexOf("@")).toLowerCase(), place);
      for (const [address] of plain.matchAll(addressPattern))
        if (!/(?:^|\.)0\d/.test(address)) add("IPV4", address, place);
      for (const [hash] of plain.matchAll(hashPattern)) add(hashKinds[hash.length] ?? "MD5", hash.toLowerCase(), place);
    }
  }
  return [...found.values()];
}

function relate(
  parts: Parts,
  address: { kind: IndicatorKind; data: string } | null,
  layers: Layer[],
  hidden: Hidden[],
): Relation[] {
  const relations: Relation[] = [];
  if (address !== null) relations.push({ ...address, type: "has_host" });
  else if (/^(?:.*\.)?(?:[a-z2-7]{16}|[a-z2-7]{56})\.onion$/.test(parts.host))
    relations.push({ kind: "ONION", data: parts.host, type: "has_host" });
  else if (isDomain(parts.host)) relations.push({ kind: "DOMAIN", data: parts.host, type: "has_host" });
  for (const { url, known } of layers) {
    const inner = split(url);
    const canBeAsked =
      inner !== null && (isDomain(inner.host) || readAddress(inner.host)) && (inner.port ?? 1) < 65_536;
    if (canBeAsked) relations.push({ kind: "URL", data: url, type: known ? "redirects_to" : "contains" });
  }
  for (const { kind, data } of hidden) relations.push({ kind, data, type: "contains" });
  return relations;
}
