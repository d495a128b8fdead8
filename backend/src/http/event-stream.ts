import type { ServerResponse } from "node:http";
import type { Problem } from "@assay/contract";

export interface ServerSentEvent {
  readonly id?: string;
  readonly type: string;
  /** JSON text without line breaks. */
  readonly data: string;
}

/** Server-sent events to one client. */
export interface EventStream {
  /** The id of the last event that a returning client has seen. */
  readonly lastEventId: string | null;
  /** Aborts when the client has gone or the process stops. */
  readonly signal: AbortSignal;
  /** Resolves when the client can take more, at once when it has gone. */
  send(event: ServerSentEvent): Promise<void>;
  /** Sends a comment; opens the stream before there is anything to say. */
  comment(text: string): Promise<void>;
}

const heartbeatMs = 15_000;
/** A client that reads nothing for so long is given up, so that it holds no memory. */
const stalledMs = 60_000;

export interface OpenEventStream extends EventStream {
  /** Ends the stream; with a problem where it failed after it had been opened. */
  end(problem?: Problem): void;
}

/** A stream on `res`, whose head is sent with the first event, so that what fails before it is an ordinary answer. */
export function createEventStream(
  res: ServerResponse,
  headers: Readonly<Record<string, string>>,
  lastEventId: string | null,
  signal: AbortSignal,
): OpenEventStream {
  let heartbeat: NodeJS.Timeout | undefined;
  let stalled: NodeJS.Timeout | undefined;
  const clear = (): void => {
    clearInterval(heartbeat);
    clearTimeout(stalled);
  };

  const open = (): void => {
    if (res.headersSent) return;
    res.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    heartbeat = setInterval(() => res.writableNeedDrain || res.write(": heart-beat\n\n"), heartbeatMs);
    res.once("close", clear);
  };

  const write = async (text: string): Promise<void> => {
    if (res.destroyed || res.writableEnded) return;
    open();
    if (res.write(text)) return;
    stalled ??= setTimeout(() => res.destroy(), stalledMs);
    await drained(res);
    clearTimeout(stalled);
    stalled = undefined;
  };

  return {
    lastEventId,
    signal,
    send: ({ id, type, data }) => write(`${id === undefined ? "" : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`),
    comment: (text) => write(`: ${text}\n\n`),
    end: (problem) => {
      if (res.destroyed) return;
      open();
      clear();
      res.end(problem ? `event: error\ndata: ${JSON.stringify(problem)}\n\n` : undefined);
    },
  };
}

/** Resolves when the client has taken what was written, or is gone. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      res.off("drain", finish);
      res.off("close", finish);
      resolve();
    };
    res.on("drain", finish);
    res.on("close", finish);
  });
}
