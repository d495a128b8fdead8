import { openRecord, type HttpCallRecord } from "./call-record.ts";
import { checkDnsName, lookUpRecords } from "./dns-lookup.ts";
import type { DnsClient } from "./dns-query.ts";
import { toEgressError } from "./failure.ts";
import { refuseSecretsInName } from "./fill-in.ts";
import { hideInError, hideInRecords } from "./hide-secrets.ts";
import type { DnsMessage, DnsReply } from "./messages.ts";
import type { TargetPolicy } from "./target.ts";
import { inClientSpan } from "./tracing.ts";
import type { Context } from "@opentelemetry/api";
import type { CallSecrets } from "../secrets/call-secrets.ts";

const rcodes = { NOERROR: 0, NODATA: 0, NXDOMAIN: 3 } as const;

/** Makes the lookup a message asks for: checked, recorded and traced. Throws an EgressError. */
export async function performDnsCall(
  message: DnsMessage,
  context: {
    readonly policy: TargetPolicy;
    readonly secrets: CallSecrets;
    readonly dns: DnsClient;
    readonly signal: AbortSignal;
    readonly traceContext: Context;
    readonly onCall: (record: HttpCallRecord) => void;
  },
): Promise<DnsReply> {
  const { signal, secrets } = context;
  const name = secrets.hideFromPeople(message.name.slice(0, 255));
  const record = openRecord({ method: "DNS", host: name, path: message.type, requestBytes: 0 }, signal, context.onCall);
  try {
    await refuseSecretsInName(message.name, secrets);
    const host = checkDnsName(message, context.policy);
    const attributes = { "server.address": host, "dns.question.name": host, "dns.question.type": message.type };
    const reply = await inClientSpan(context.traceContext, `egress DNS ${host}`, attributes, () =>
      lookUpRecords(context.dns, host, message.type, signal),
    );
    record.setHead(rcodes[reply.rcode], null);
    record.close("");
    return { ...reply, records: await hideInRecords(reply.records, secrets) };
  } catch (error) {
    const failure = hideInError(toEgressError(error, name, signal), secrets);
    record.close(failure.message);
    throw failure;
  }
}
