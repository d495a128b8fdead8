import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { get, startBrokerFor, startHttpServer, type TestBroker, type TestServer } from "./fixtures/broker-harness.ts";

const url = "http://up.test/";

// E10 and E12
describe("a lease", () => {
  let waiting: ServerResponse[];
  let most: number;
  let server: TestServer;
  let broker: TestBroker;

  async function startHolding(): Promise<void> {
    waiting = [];
    most = 0;
    server = await startHttpServer((request, response) => {
      if (request.url !== "/hold") return void response.end("free");
      waiting.push(response);
      most = Math.max(most, waiting.length);
    });
    broker = startBrokerFor(server);
  }

  test("makes 20 requests, 4 at a time, of a thousand asked for at once", async () => {
    await startHolding();
    const lease = broker.lease();
    const replies = Promise.all(Array.from({ length: 1000 }, () => broker.send(get(`${url}hold`), lease)));
    for (let answered = 0; answered < 20;) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      for (const response of waiting.splice(0)) {
        response.end("held");
        answered += 1;
      }
    }
    const all = await replies;
    expect(most).toBe(4);
    expect(all.filter((reply) => reply.ok)).toHaveLength(20);
    expect(all.find((reply) => !reply.ok)).toMatchObject({
      code: "EGRESS_DENIED",
      message: expect.stringMatching(/no more are allowed/),
    });
  });

  test("that is closed aborts its requests, drops late answers, and refuses new ones; others go on", async () => {
    await startHolding();
    const lease = broker.lease();
    const other = broker.lease();
    const pending = Array.from({ length: 6 }, () => broker.send(get(`${url}hold`), lease));
    await expect.poll(() => waiting.length).toBe(4);
    const cut = Promise.all(waiting.map((response) => new Promise((resolve) => response.on("close", resolve))));
    lease.close();
    expect(broker.calls.map((call) => call.error)).toEqual(Array(4).fill("The run has ended."));
    for (const reply of await Promise.all(pending)) expect(reply).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    await cut;
    expect(await broker.send(get(url), lease)).toMatchObject({ code: "EGRESS_DENIED", message: "The run has ended." });
    expect(await broker.send(get(url), other)).toMatchObject({ ok: true, bodyText: "free" });
    expect(broker.calls).toHaveLength(5);
  });

  test("ends with its signal, its deadline, and its broker", async () => {
    await startHolding();
    const stop = new AbortController();
    const stopped = broker.send(get(`${url}hold`), { signal: stop.signal });
    const orphaned = broker.send(get(`${url}hold`));
    await expect.poll(() => waiting.length).toBe(2);
    const overdue = broker.send(get(`${url}hold`), { deadlineMs: Date.now() + 300 });
    stop.abort();
    expect(await stopped).toMatchObject({ code: "EGRESS_DENIED", message: "The run has ended." });
    expect(await overdue).toMatchObject({ code: "TIMEOUT" });
    expect(await broker.send(get(url), { deadlineMs: Date.now() - 1 })).toMatchObject({ code: "TIMEOUT" });
    await broker.close();
    expect(await orphaned).toMatchObject({ ok: false });
  });
});
