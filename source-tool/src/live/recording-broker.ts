import type { DnsMessage, EgressBroker, EgressReply, HttpMessage, LeaseRequest } from "@assay/runner-common";

/** What a source asked the broker, and what it got, both as the source sees them. What was refused is not among it. */
export interface Taken {
  readonly message: HttpMessage | DnsMessage;
  readonly reply: EgressReply;
}

export interface Recording {
  readonly broker: EgressBroker;
  taken(): readonly Taken[];
  /** The text with "[secret NAME]" for the values of the run's secrets, and for what stood for them. */
  hide(text: string): string;
}

/**
 * A broker that keeps what passes between a source and the real one. It stands outside: what the broker permits, and what it hides
 * from the source, it permits and hides as ever.
 */
export function recordingBroker(broker: EgressBroker): Recording {
  let hide = (text: string): string => text;
  const kept: { readonly requestJson: string; replyJson?: string }[] = [];
  function lease(request: LeaseRequest): ReturnType<EgressBroker["lease"]> {
    const real = broker.lease(request);
    if (request.secrets !== undefined) hide = request.secrets.hideFromPeople;
    return {
      async handle(requestJson) {
        const entry: (typeof kept)[number] = { requestJson };
        kept.push(entry);
        entry.replyJson = await real.handle(requestJson);
        return entry.replyJson;
      },
      close: () => real.close(),
    };
  }
  return {
    broker: { lease, download: broker.download, close: () => broker.close() },
    hide: (text) => hide(text),
    taken: () => kept.flatMap(({ requestJson, replyJson }) => readTaken(requestJson, replyJson)),
  };
}

/** What the broker refused may be anything, also no message at all; in a replay it is refused again. */
function readTaken(requestJson: string, replyJson: string | undefined): Taken[] {
  if (replyJson === undefined) return [];
  const reply: EgressReply = JSON.parse(replyJson);
  if (!reply.ok && reply.code === "EGRESS_DENIED") return [];
  return [{ message: JSON.parse(requestJson), reply }];
}
