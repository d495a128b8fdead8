import { apiBasePath, type LookupEvent } from "@assay/contract";

export type Connection = "open" | "connecting" | "lost";

export interface LookupWatcher {
  readonly onEvent: (event: LookupEvent) => void;
  readonly onConnection: (connection: Connection) => void;
}

const eventTypes: readonly LookupEvent["type"][] = [
  "fetching_start",
  "fetching_data",
  "fetching_error",
  "verdict",
  "fetching_end",
];

/**
 * Watches the events of a lookup until its end; returns what stops watching. A broken connection is taken up again by the
 * browser after Last-Event-ID. `lost` means that the server refused the stream and nothing more will come from it.
 */
export function watchLookup(id: string, watcher: LookupWatcher): () => void {
  const stream = new EventSource(`${apiBasePath}/requests/${encodeURIComponent(id)}/events`);
  stream.addEventListener("open", () => watcher.onConnection("open"));
  stream.addEventListener("error", () => {
    watcher.onConnection(stream.readyState === EventSource.CLOSED ? "lost" : "connecting");
  });
  for (const type of eventTypes) {
    stream.addEventListener(type, (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as LookupEvent;
      if (event.type === "fetching_end") stream.close();
      watcher.onEvent(event);
    });
  }
  return () => stream.close();
}
