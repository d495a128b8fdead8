import { isIP } from "node:net";
import type { CallSecrets, SecretSlot } from "../secrets/call-secrets.ts";
import { classifyAddress } from "./address-policy.ts";
import { denied } from "./egress-error.ts";
import { isAllowedEndpoint } from "./host-pattern.ts";
import type { OutgoingRequest } from "./redirect.ts";
import type { HeaderPairs } from "./request-headers.ts";
import type { PinnedAddress } from "./resolve-host.ts";
import type { Target } from "./target.ts";

export interface FilledRequest {
  /** As it goes over the wire. Never shown to anybody. */
  readonly request: OutgoingRequest;
  /** The first secret in it; undefined when there is none. */
  readonly secret: SecretSlot | undefined;
}

/** Each may be 8,192 characters long; more than a few of one request is not how keys are sent. */
const placesMax = 20;

/** Texts of requests are handled as Latin-1, one character per byte; a value goes out in UTF-8. */
const asBytes = (text: string): string => Buffer.from(text).toString("latin1");
const inUrl = (value: string): string =>
  encodeURIComponent(value).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
const inForm = (value: string): string => inUrl(value).replaceAll("%20", "+");
const inJson = (value: string): string => asBytes(JSON.stringify(value).slice(1, -1));

const basic = /^\s*basic\s+([a-z0-9+/_-]+=*)\s*$/i;
const decodeBase64 = (text: string): string => Buffer.from(text, "base64").toString("latin1");

/** Names of hosts are read without regard to capitals, and so are the secrets in them. */
const isInHost = (host: string, { placeholder }: SecretSlot): boolean =>
  placeholder !== undefined && host.toLowerCase().includes(placeholder);

/** Refuses a name of DNS, or a host, that holds a secret. Throws an EgressError that names the slot. */
export async function refuseSecretsInName(name: string, secrets: CallSecrets): Promise<void> {
  const found = secrets.slots.find((slot) => isInHost(name, slot)) ?? (await secrets.exposedIn(Buffer.from(name)))[0];
  if (found !== undefined) throw denied(`The secret ${found.name} cannot be part of a host name.`);
}

/** The texts of a request in which a secret may stand. */
function placesOf({ url, headers, body }: OutgoingRequest): {
  readonly names: string;
  readonly texts: readonly string[];
} {
  const values = headers.flatMap(([, text]) => [text, decodeBase64(basic.exec(text)?.[1] ?? "")]);
  const { pathname, search } = new URL(url);
  return {
    names: headers
      .map(([name]) => name)
      .join("\n")
      .toLowerCase(),
    texts: [pathname + search, ...values, body?.toString("latin1") ?? ""],
  };
}

function checkHost(slot: SecretSlot, target: Target): void {
  if (isAllowedEndpoint(slot.patterns, target) !== undefined) return;
  throw denied(
    `The secret ${slot.name} may not go to ${target.url.host}: it is for ${slot.describedHosts}. ` +
      "Leave it out of this request, or add the host to those of the secret.",
    target.host,
  );
}

/**
 * Puts the values where the placeholders are, each only for the hosts of its secret: in header values, Basic credentials, path,
 * query and body. Throws an EgressError that names the slot.
 */
export async function fillIn(request: OutgoingRequest, target: Target, secrets: CallSecrets): Promise<FilledRequest> {
  if (secrets.slots.length === 0) return { request, secret: undefined };
  await refuseSecretsInName(target.host, secrets);
  const { names, texts } = placesOf(request);
  const exposed: SecretSlot[] = [];
  for (const text of [names, ...texts]) exposed.push(...(await secrets.exposedIn(Buffer.from(text, "latin1"))));
  for (const slot of exposed) checkHost(slot, target);
  const used: SecretSlot[] = [];
  let places = 0;
  for (const slot of secrets.slots) {
    const { placeholder } = slot;
    if (placeholder === undefined) continue;
    if (names.includes(placeholder)) throw denied(`The secret ${slot.name} cannot be the name of a header.`);
    const count = texts.reduce((sum, text) => sum + text.split(placeholder).length - 1, 0);
    if (count === 0) continue;
    checkHost(slot, target);
    used.push(slot);
    places += count;
  }
  if (places > placesMax) throw denied(`The request has ${places} secrets in it; ${placesMax} are allowed.`);
  const filled = used.length === 0 ? request : fill(request, used);
  // A host that knows a secret could otherwise be had to give it back in parts, in which nobody would recognise it.
  const knowsSecrets = secrets.slots.some(
    (slot) => slot.placeholder !== undefined && isAllowedEndpoint(slot.patterns, target) !== undefined,
  );
  const headers = knowsSecrets ? filled.headers.filter(([name]) => !/^(?:if-)?range$/i.test(name)) : filled.headers;
  return { request: { ...filled, headers }, secret: used[0] ?? exposed[0] };
}

/** Plain http is for places that the operator opened as private. Throws an EgressError that names the slot. */
export function checkTransport({ secret }: FilledRequest, target: Target, pinned: readonly PinnedAddress[]): void {
  if (secret === undefined || target.protocol === "https:") return;
  // A private address that got this far was opened by the operator.
  const isInside =
    pinned.length > 0 && pinned.every(({ address }) => isIP(address) !== 0 && classifyAddress(address) !== "global");
  if (isInside) return;
  throw denied(
    `The secret ${secret.name} goes over https only. ` +
      "Plain http is for private hosts that the operator has opened (ASSAY_EGRESS_ALLOW_PRIVATE).",
    target.host,
  );
}

function fill({ method, url, headers, body }: OutgoingRequest, used: readonly SecretSlot[]): OutgoingRequest {
  const replace = (text: string, encode: (value: string) => string): string =>
    used.reduce((filled, { placeholder = "", value }) => filled.replaceAll(placeholder, () => encode(value)), text);
  return {
    method,
    url: replace(url, inUrl),
    headers: headers.map(([name, text]): [string, string] => [name, fillHeader(text, replace)]),
    body: body && Buffer.from(replace(body.toString("latin1"), encodingOf(headers, body)), "latin1"),
  };
}

function fillHeader(text: string, replace: (text: string, encode: (value: string) => string) => string): string {
  const [, credentials] = basic.exec(text) ?? [];
  if (credentials === undefined) return replace(text, asBytes);
  const pair = decodeBase64(credentials);
  const filled = replace(pair, asBytes);
  return filled === pair ? replace(text, asBytes) : `Basic ${Buffer.from(filled, "latin1").toString("base64")}`;
}

/** How a value is written in a body. What is JSON is so whatever its type says: urllib calls everything a form. */
function encodingOf(headers: HeaderPairs, body: Buffer): (value: string) => string {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1].toLowerCase() ?? "";
  if (/^[^;]*json/.test(type) || isJson(body)) return inJson;
  return type.startsWith("application/x-www-form-urlencoded") ? inForm : asBytes;
}

function isJson(body: Buffer): boolean {
  const text = body.toString("utf8");
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
