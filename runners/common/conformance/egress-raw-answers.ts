import type { Socket } from "node:net";

function trickle(socket: Socket, head: string, text: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write(text), 100);
  socket.once("close", () => clearInterval(timer));
}

function forEver(socket: Socket, chunk: string): void {
  if (!socket.destroyed) socket.write(chunk, (error) => error ?? setImmediate(() => forEver(socket, chunk)));
}

const ok = "HTTP/1.1 200 OK\r\n";

/** Upstreams that answer every request with bytes of their own, by the name that leads there. */
export const rawAnswers: Readonly<Record<string, (socket: Socket) => void>> = {
  "slow-head.test": (socket) => trickle(socket, `${ok}A: `, "a"),
  "slow-body.test": (socket) => trickle(socket, `${ok}Content-Length: 999999\r\n\r\n`, "a"),
  "slow-chunks.test": (socket) => trickle(socket, `${ok}Transfer-Encoding: chunked\r\n\r\n`, "1\r\na\r\n"),
  "silent.test": () => undefined,
  "many-headers.test": (socket) => socket.write(`${ok}${"a: b\r\n".repeat(100_000)}\r\n`),
  "large-header.test": (socket) => socket.write(`${ok}a: ${"b".repeat(10_000_000)}\r\n\r\n`),
  "endless-1xx.test": (socket) => forEver(socket, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10)),
  "endless-body.test": (socket) => (socket.write(`${ok}\r\n`), forEver(socket, "a".repeat(65_536))),
  "cut-body.test": (socket) => socket.end(`${ok}Content-Length: 10\r\n\r\nabc`),
  "cut-head.test": (socket) => socket.end("HTTP/1.1 200 OK\r\nA: b"),
  "bad-chunk.test": (socket) => socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n`),
  "two-lengths.test": (socket) => socket.end(`${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
  "no-http.test": (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
};
