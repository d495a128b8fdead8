import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An upstream for tests that counts calls by path, and can be made to keep its answers back, or to fail. */
export interface CountingUpstream {
  readonly host: string;
  /** Calls that have come in for this path. */
  calls(path: string): number;
  /** Answers 500 from now on, or no more. */
  fail(isFailing: boolean): void;
  /** Keeps all answers back; returns how to let them go, and those that come later. */
  hold(): () => void;
  close(): void;
}

export async function startCountingUpstream(): Promise<CountingUpstream> {
  const calls = new Map<string, number>();
  let isFailing = false;
  let held = Promise.resolve();
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").slice(1);
    const count = (calls.get(path) ?? 0) + 1;
    calls.set(path, count);
    await held;
    response.writeHead(isFailing ? 500 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ call: count }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: (path) => calls.get(path) ?? 0,
    fail: (now) => (isFailing = now),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    close: () => server.close(),
  };
}

/** Code that asks the upstream about the indicator, and answers with the number of the call. */
export const askUpstream = (host: string): string => `export const fetchData = async (indicator, { http }) => {
  const { json } = await http.get("http://${host}/" + indicator.data);
  return { data: typeof json === "function" ? json() : json };
};`;
