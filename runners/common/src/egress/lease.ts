import type { Context } from "@opentelemetry/api";
import { sandboxLimits } from "../executor.ts";
import type { HttpCallRecord } from "./call-record.ts";
import { createConcurrencyGate } from "./concurrency-gate.ts";
import type { Connections } from "./connections.ts";
import { performDnsCall } from "./dns-call.ts";
import type { DnsClient } from "./dns-query.ts";
import { denied, EgressError } from "./egress-error.ts";
import { performHttpCall } from "./http-call.ts";
import { parseHostPattern, type HostPattern } from "./host-pattern.ts";
import type { EgressLimits } from "./limits.ts";
import { parseMessage, type EgressReply, type FailureReply } from "./messages.ts";
import type { PrivateAllowance } from "./private-allowance.ts";
import type { HostResolver } from "./resolve-host.ts";
import type { TargetPolicy } from "./target.ts";
import { noSecrets, type CallSecrets } from "../secrets/call-secrets.ts";

/** What one run of one source may do. Who is asking is known from holding the lease, never from what a message says. */
export interface LeaseRequest {
  readonly sourceId: string;
  /** The source's allowed hosts; see `parseHostPattern`. An entry that is not valid opens nothing and is named in refusals. */
  readonly hosts: readonly string[];
  /** Default: none. */
  readonly secrets?: CallSecrets;
  /** When all requests end, in milliseconds as `Date.now()` counts. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Parent of the spans of all calls. */
  readonly traceContext: Context;
  /** Told of each call when it ends; not after `close`. */
  readonly onCall: (record: HttpCallRecord) => void;
}

export interface EgressLease {
  /** Takes a message of the sandbox (JSON text, hostile) and gives the reply (JSON text). Never rejects. */
  handle(requestJson: string): Promise<string>;
  /** Aborts what is under way; from now on every reply is a refusal. */
  close(): void;
}

/** What all leases of a broker share. */
export interface BrokerParts {
  readonly dns: DnsClient;
  readonly resolver: HostResolver;
  readonly connections: Connections;
  readonly allowance: PrivateAllowance;
  readonly limits: EgressLimits;
}

export function openLease(request: LeaseRequest, parts: BrokerParts, brokerSignal: AbortSignal): EgressLease {
  const { limits } = parts;
  const { secrets = noSecrets } = request;
  const ending = new AbortController();
  // Most runs never reach out: everything that costs is made by the first message.
  let opened: { readonly policy: TargetPolicy; readonly signal: AbortSignal } | undefined;
  const gate = createConcurrencyGate(limits.concurrentMax);
  const budget = {
    messages: limits.requestsMax + limits.dnsLookupsMax,
    requests: limits.requestsMax,
    lookups: limits.dnsLookupsMax,
  };

  let isClosed = false;
  function onCall(record: HttpCallRecord): void {
    if (!isClosed) request.onCall(record);
  }

  function take(what: keyof typeof budget, limitMax: number): void {
    if (budget[what] === 0)
      throw denied(`The source has made its ${limitMax} ${what} of one run; no more are allowed.`);
    budget[what] -= 1;
  }

  async function answer(requestJson: string): Promise<EgressReply> {
    take("messages", limits.requestsMax + limits.dnsLookupsMax);
    const message = parseMessage(requestJson);
    opened ??= {
      policy: openPolicy(request.hosts, parts),
      signal: AbortSignal.any([request.signal, ending.signal, brokerSignal]),
    };
    const { policy } = opened;
    const remainingMs = request.deadlineMs - Date.now();
    const timeoutMs = Math.min(remainingMs, message.op === "http" ? (message.timeoutMs ?? remainingMs) : remainingMs);
    return withTimeout(timeoutMs, opened.signal, (signal) =>
      gate.run(async () => {
        const context = { ...parts, policy, secrets, signal, traceContext: request.traceContext, onCall };
        if (message.op === "http") {
          return performHttpCall(message, { ...context, takeRequest: () => take("requests", limits.requestsMax) });
        }
        take("lookups", limits.dnsLookupsMax);
        return performDnsCall(message, context);
      }, signal),
    );
  }

  return {
    async handle(requestJson) {
      try {
        if (isClosed) throw denied("The run has ended.");
        const reply = JSON.stringify(await answer(requestJson));
        if (isClosed) throw denied("The run has ended.");
        if (Buffer.byteLength(reply) > sandboxLimits.messageBytesMax) {
          throw new EgressError(
            "BAD_RESPONSE",
            `The answer does not fit into a message of ${sandboxLimits.messageBytesMax} bytes.`,
          );
        }
        return reply;
      } catch (error) {
        return JSON.stringify(toFailureReply(request.signal.aborted ? denied("The run has ended.") : error));
      }
    },
    close() {
      // Before the first message nothing is under way that could be aborted.
      if (opened) ending.abort(denied("The run has ended."));
      isClosed = true;
    },
  };
}

export function openPolicy(hosts: readonly string[], parts: Pick<BrokerParts, "allowance" | "limits">): TargetPolicy {
  const patterns: HostPattern[] = [];
  const described = hosts.map((entry) => {
    try {
      patterns.push(parseHostPattern(entry));
      return entry;
    } catch (error) {
      return `${entry} [not valid: ${error instanceof Error ? error.message : "unknown"}]`;
    }
  });
  const describedHosts = (described.join(", ") || "none").slice(0, 500);
  return { patterns, describedHosts, allowance: parts.allowance, urlCharsMax: parts.limits.urlCharsMax };
}

export async function withTimeout<Result>(
  timeoutMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const failure = new EgressError("TIMEOUT", `No answer within ${Math.max(0, Math.round(timeoutMs))} ms.`);
  if (timeoutMs <= 0) throw failure;
  const timing = new AbortController();
  const timer = setTimeout(() => timing.abort(failure), Math.min(timeoutMs, 2 ** 31 - 1));
  try {
    return await work(AbortSignal.any([outer, timing.signal]));
  } finally {
    clearTimeout(timer);
  }
}

function toFailureReply(error: unknown): FailureReply {
  if (!(error instanceof EgressError)) return { ok: false, code: "UPSTREAM_ERROR", message: "The request failed." };
  const { code, message, host } = error;
  return { ok: false, code, message, ...(host === undefined ? {} : { host }) };
}
