import { Socket } from "node:net";

export interface ConnectionAttempt {
  readonly address: string;
  readonly port: number;
}

/**
 * Lets this process connect only where `passes` says, and refuses and notes every other attempt, so that a fuzzed URL reaches nobody.
 * It sits where every TCP and TLS connection of Node begins, below all that is tested.
 */
export function openFirewall(passes: (attempt: ConnectionAttempt) => boolean) {
  const attempts: ConnectionAttempt[] = [];
  // oxlint-disable-next-line typescript/unbound-method
  const connect = Socket.prototype.connect;
  function watched(this: Socket, ...parameters: unknown[]): Socket {
    const [first] = parameters;
    const options: unknown = Array.isArray(first) ? first[0] : first;
    const { path, host, port } = options as { path?: string; host?: string; port?: number | string };
    const attempt = { address: host ?? "localhost", port: Number(port) };
    if (typeof path === "string" || passes(attempt)) return Reflect.apply(connect, this, parameters);
    attempts.push(attempt);
    process.nextTick(() => this.destroy(Object.assign(new Error("refused"), { code: "ECONNREFUSED" })));
    return this;
  }
  Socket.prototype.connect = watched as typeof connect;
  return {
    attempts,
    close(): void {
      Socket.prototype.connect = connect;
    },
  };
}
