import {
  type DnsMessage,
  dnsQueryName,
  type DnsRecord,
  type EgressReply,
  type HttpMessage,
} from "@assay/runner-common";
import { ToolError } from "../tool-error.ts";
import type { Taken } from "./recording-broker.ts";

/** A line of `upstream`, as it is written into cases.yaml. */
export type WrittenExchange = Readonly<Record<string, unknown>>;

// Whatever else a server sends is about the connection, or about who asked.
const keptHeader = /^(content-type|link|location|retry-after|last-modified|x-total-count|(x-)?rate-?limit-.*)$/i;

/**
 * What was asked and answered, as a case lists it, with `{{secret NAME}}` where `hide` finds a secret.
 * @throws ToolError when something of it cannot be replayed
 */
export function exchangesOf(taken: readonly Taken[], hide: (text: string) => string): WrittenExchange[] {
  const withoutSecrets = (text: string) => hide(text).replaceAll(/\[secret (\w+)\]/g, "{{secret $1}}");
  const written = new Map<string, WrittenExchange>();
  for (const [at, { message, reply }] of taken.entries()) {
    if (message.op === "http") {
      for (const [hop, exchange] of httpExchanges(message, reply).entries()) written.set(`http ${at} ${hop}`, exchange);
    } else {
      // A name is answered as often as it is asked for.
      const exchange = dnsExchange(message, reply);
      if (exchange !== undefined) written.set(`dns ${exchange["dns"]} ${exchange["type"]}`, exchange);
    }
  }
  return [...written.values()].map((exchange) => mapStrings(exchange, withoutSecrets) as WrittenExchange);
}

/** Numbers and names of fields are taken, too: a server may give back anything anywhere. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value === "number" && change(String(value)) !== String(value)) return change(String(value));
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]));
}

function cannotReplay(what: string, reply: EgressReply & { ok: false }): never {
  throw new ToolError(`${what}: ${reply.message} That cannot be replayed, so nothing was recorded.`);
}

function httpExchanges(message: HttpMessage, reply: EgressReply): WrittenExchange[] {
  const method = (message.method || "GET").toUpperCase();
  const { href: url } = new URL(message.url);
  if (!reply.ok) {
    if (reply.code === "UPSTREAM_ERROR") return [{ method, url, outage: "close" }];
    return cannotReplay(`${method} ${url}`, reply);
  }
  if (!("headers" in reply)) return [];
  const { status, headers } = reply;
  if (!reply.redirected) return [{ method, url, ...answerOf(status, headers, reply) }];
  // However many there were: one redirect leads from the first to the last. It turns a POST into a GET.
  const last = method === "HEAD" ? "HEAD" : "GET";
  return [
    { method, url, status: 303, headers: { location: reply.url } },
    { method: last, url: reply.url, ...answerOf(status, headers, reply) },
  ];
}

type Body = { readonly bodyText?: string; readonly bodyBase64?: string };

function answerOf(status: number, headers: readonly (readonly [string, string])[], reply: Body): WrittenExchange {
  const body = bodyOf(reply);
  const implied = "json" in body ? "application/json" : "text/plain";
  const kept = headers
    .map(([name, text]) => [name.toLowerCase(), text] as const)
    .filter(([name, text]) => keptHeader.test(name) && !(name === "content-type" && isImplied(text, implied)));
  return {
    ...(status === 200 ? {} : { status }),
    ...(kept.length === 0 ? {} : { headers: Object.fromEntries(kept) }),
    ...body,
  };
}

function isImplied(contentType: string, implied: string): boolean {
  return contentType.toLowerCase().replace(/;\s*charset=utf-8$/, "") === implied;
}

function bodyOf({ bodyText, bodyBase64 }: Body): WrittenExchange {
  if (bodyBase64 !== undefined && bodyBase64 !== "") return { bodyBase64 };
  if (bodyText === undefined || bodyText === "") return {};
  // Long numbers would lose digits on their way through JavaScript.
  if (!/^\s*[[{]/.test(bodyText) || /\d{16}/.test(bodyText)) return { body: bodyText };
  try {
    return { json: JSON.parse(bodyText) };
  } catch {
    return { body: bodyText };
  }
}

function dnsExchange(message: DnsMessage, reply: EgressReply): WrittenExchange | undefined {
  const dns = dnsQueryName(message);
  const { type } = message;
  if (!reply.ok) {
    if (reply.code === "UPSTREAM_ERROR") return { dns, type, rcode: "SERVFAIL" };
    return cannotReplay(`the lookup of ${dns} (${type})`, reply);
  }
  if (!("records" in reply)) return undefined;
  if (reply.rcode === "NXDOMAIN") return { dns, type, rcode: "NXDOMAIN" };
  return { dns, type, records: reply.records.map(recordText) };
}

/** As in a zone file. */
function recordText(record: DnsRecord): string {
  if (typeof record === "string") return record;
  if ("exchange" in record) return `${record.priority} ${record.exchange}`;
  if ("tag" in record) return `${record.critical} ${record.tag} ${record.value}`;
  const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = record;
  return [nsname, hostmaster, serial, refresh, retry, expire, minttl].join(" ");
}
