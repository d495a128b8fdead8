import { z } from "zod";
import { sandboxLimits } from "../executor.ts";
import { denied, type EgressErrorCode } from "./egress-error.ts";

const HttpMessage = z.strictObject({
  op: z.literal("http"),
  method: z.string().max(16),
  url: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])).default([]),
  bodyText: z.string().optional(),
  bodyBase64: z.base64().optional(),
  redirect: z.enum(["follow", "manual", "error"]).default("follow"),
  timeoutMs: z.number().positive().optional(),
});
export type HttpMessage = z.infer<typeof HttpMessage>;

const DnsMessage = z.strictObject({
  op: z.literal("dns"),
  name: z.string().max(512),
  type: z.enum(["A", "AAAA", "MX", "TXT", "PTR", "NS", "CNAME", "SOA", "CAA"]),
});
export type DnsMessage = z.infer<typeof DnsMessage>;
export type DnsType = DnsMessage["type"];

const EgressMessage = z.discriminatedUnion("op", [HttpMessage, DnsMessage]);

export type DnsRecord =
  | string
  | { readonly priority: number; readonly exchange: string }
  | { readonly critical: number; readonly tag: string; readonly value: string }
  | {
      readonly nsname: string;
      readonly hostmaster: string;
      readonly serial: number;
      readonly refresh: number;
      readonly retry: number;
      readonly expire: number;
      readonly minttl: number;
    };

export interface HttpReply {
  readonly ok: true;
  readonly status: number;
  readonly statusText: string;
  /** The URL that answered, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  /** In the order received; without hop-by-hop headers, and without those that described a body since decompressed. */
  readonly headers: readonly (readonly [string, string])[];
  /** The body where its bytes are UTF-8; `bodyBase64` otherwise. */
  readonly bodyText?: string;
  readonly bodyBase64?: string;
}

export interface DnsReply {
  readonly ok: true;
  readonly rcode: "NOERROR" | "NXDOMAIN" | "NODATA";
  readonly records: readonly DnsRecord[];
}

export interface FailureReply {
  readonly ok: false;
  readonly code: EgressErrorCode;
  readonly message: string;
  readonly host?: string;
}

export type EgressReply = HttpReply | DnsReply | FailureReply;

/** Reads a message of the sandbox. Throws an EgressError that names the field. */
export function parseMessage(json: string): HttpMessage | DnsMessage {
  if (json.length > sandboxLimits.messageBytesMax) {
    throw denied(`The request is larger than ${sandboxLimits.messageBytesMax} bytes.`);
  }
  const parsed = EgressMessage.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw denied(`The request is not valid: ${issue?.path.join(".") || "message"}: ${issue?.message ?? "unknown"}.`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw denied("The request is not JSON.");
  }
}
