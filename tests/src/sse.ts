import { LookupEvent } from "@assay/contract";

export interface ReceivedEvent {
  readonly id: string;
  readonly event: LookupEvent;
}

/** Reads lookup events until the server ends the stream, or until `enough` says so; the connection is then closed. */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  enough: (events: readonly ReceivedEvent[]) => boolean = () => false,
): Promise<ReceivedEvent[]> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const events: ReceivedEvent[] = [];
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const received = readBlock(block);
      if (received) events.push(received);
      if (enough(events)) {
        abort.abort();
        return events;
      }
    }
  }
  return events;
}

function readBlock(block: string): ReceivedEvent | null {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const data = fields.get("data");
  return data === undefined ? null : { id: fields.get("id") ?? "", event: LookupEvent.parse(JSON.parse(data)) };
}
