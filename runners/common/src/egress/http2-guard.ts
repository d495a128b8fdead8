import type { Socket } from "node:net";
import { EgressError } from "./egress-error.ts";

/** Counts what the answers of one target may have cost, against which its HTTP/2 connections are measured. */
export interface ByteAllowance {
  /** All bytes granted so far. */
  granted(): number;
  /** A request goes out: its answer's head and what may be in flight when it is cut off. */
  grantRequest(): void;
  /** Body bytes were taken. */
  grantBody(bytes: number): void;
}

const requestGrantBytes = 192 * 1024;
/** Settings, acknowledgements and the like of an idle connection. */
const slackBytes = 256 * 1024;
const checkEveryMs = 100;

export function createByteAllowance(): ByteAllowance {
  let granted = 0;
  return {
    granted: () => granted,
    grantRequest() {
      granted += requestGrantBytes;
    },
    grantBody(bytes) {
      // Twice: a server that sends its body in small pieces pays for each with a frame and a TLS record.
      granted += 2 * bytes;
    },
  };
}

export interface Http2Guard {
  /** From now on this connection is destroyed when it receives more than its answers can account for. */
  watch(socket: Socket, allowance: ByteAllowance): void;
  close(): void;
}

/**
 * Node bounds header blocks, CONTINUATION frames and empty DATA frames of HTTP/2 by itself, but not PING, SETTINGS, WINDOW_UPDATE, unknown
 * frames, or DATA of streams since reset: they cost CPU for as long as a server likes. So the bytes of each connection are measured, ten
 * times a second.
 */
export function createHttp2Guard(): Http2Guard {
  const watched = new Map<Socket, () => boolean>();
  let timer: NodeJS.Timeout | undefined;

  function check(): void {
    for (const [socket, isWithin] of watched) {
      if (!isWithin()) socket.destroy(new EgressError("BAD_RESPONSE", "The server sends HTTP/2 frames without end."));
    }
  }

  function stopWhenIdle(): void {
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    watch(socket, allowance) {
      const grantedBefore = allowance.granted();
      watched.set(socket, () => socket.bytesRead <= allowance.granted() - grantedBefore + slackBytes);
      socket.once("close", () => {
        watched.delete(socket);
        stopWhenIdle();
      });
      timer ??= setInterval(check, checkEveryMs).unref();
    },
    close() {
      watched.clear();
      stopWhenIdle();
    },
  };
}
