import { afterAll, beforeAll, expect, test } from "vitest";
import { startBroker, type TestBroker } from "./fixtures/broker-harness.ts";
import { startDnsServer, type DnsAnswer, type TestDnsServer } from "./fixtures/dns-server.ts";

let dns: TestDnsServer;
let broker: TestBroker;

const zone: Record<string, readonly DnsAnswer[] | number | "silence"> = {
  "example.test A": [
    { type: "A", data: "93.184.216.34" },
    { type: "A", data: "10.0.0.1" },
  ],
  "example.test AAAA": [{ type: "AAAA", data: "2606:4700::1111" }],
  "example.test NS": [{ type: "NS", data: "ns1.example.test" }],
  "example.test MX": [{ type: "MX", data: "10 mail.example.test" }],
  "example.test TXT": [
    { type: "TXT", data: "v=spf1 |-all" },
    { type: "TXT", data: "second" },
  ],
  "example.test SOA": [{ type: "SOA", data: "ns1.example.test admin.example.test 7 3600 600 86400 300" }],
  "example.test CAA": [
    { type: "CAA", data: "0 issue letsencrypt.test" },
    { type: "CAA", data: "128 iodef mailto:a@b.test" },
  ],
  "example.test CNAME": [],
  "www.example.test CNAME": [{ type: "CNAME", data: "example.test" }],
  "_dmarc.example.test TXT": [{ type: "TXT", data: "v=DMARC1" }],
  "xn--bcher-kva.test A": [{ type: "A", data: "93.184.216.34" }],
  "4.3.2.192.in-addr.arpa PTR": [{ type: "PTR", data: "host.example.test" }],
  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR": [{ type: "PTR", data: "six.test" }],
  "broken.test A": 2,
  "refused.test A": 5,
  "silent.test A": "silence",
};

beforeAll(async () => {
  dns = await startDnsServer((name, type) => zone[`${name} ${type}`] ?? 3);
  broker = startBroker({ dnsServers: [dns.address], limits: { dnsTimeoutMs: 1000 } }, ["dns:*"]);
});

afterAll(async () => {
  await broker.close();
  await dns.close();
});

const found = (...records: unknown[]) => ({ ok: true, rcode: "NOERROR", records });

test.each([
  ["example.test", "A", found("93.184.216.34", "10.0.0.1")],
  ["EXAMPLE.test.", "AAAA", found("2606:4700::1111")],
  ["example.test", "NS", found("ns1.example.test")],
  ["example.test", "MX", found({ priority: 10, exchange: "mail.example.test" })],
  ["example.test", "TXT", found("v=spf1 -all", "second")],
  [
    "example.test",
    "SOA",
    found({
      nsname: "ns1.example.test",
      hostmaster: "admin.example.test",
      serial: 7,
      refresh: 3600,
      retry: 600,
      expire: 86400,
      minttl: 300,
    }),
  ],
  [
    "example.test",
    "CAA",
    found(
      { critical: 0, tag: "issue", value: "letsencrypt.test" },
      { critical: 128, tag: "iodef", value: "mailto:a@b.test" },
    ),
  ],
  ["www.example.test", "CNAME", found("example.test")],
  ["_dmarc.example.test", "TXT", found("v=DMARC1")],
  ["bücher.test", "A", found("93.184.216.34")],
  ["192.2.3.4", "PTR", found("host.example.test")],
  ["4.3.2.192.in-addr.arpa", "PTR", found("host.example.test")],
  ["2001:db8::1", "PTR", found("six.test")],
  ["example.test", "CNAME", { ok: true, rcode: "NODATA", records: [] }],
  ["missing.test", "A", { ok: true, rcode: "NXDOMAIN", records: [] }],
  [
    "broken.test",
    "A",
    expect.objectContaining({ ok: false, code: "UPSTREAM_ERROR", message: expect.stringMatching(/SERVFAIL/) }),
  ],
  ["refused.test", "A", expect.objectContaining({ ok: false, code: "UPSTREAM_ERROR" })],
  ["silent.test", "A", expect.objectContaining({ ok: false, code: "TIMEOUT", host: "silent.test" })],
])("%s %s", async (name, type, reply) => {
  expect(await broker.send({ op: "dns", name, type })).toEqual(reply);
});

// E13: a lookup is a message to whoever runs the zone; without an entry for the name none leaves the machine.
test.each([
  [["example.test", "*"], "secret.example.test"],
  [["dns:example.test"], "secret.example.test"],
  [["dns:*.example.test"], "secret.evil.test"],
  [["dns:*"], "metadata.google.internal"],
  [["dns:*"], "printer.local"],
  [["dns:*"], "exam ple.test"],
  [["dns:*"], "a..test"],
  [["dns:*"], ""],
  [["dns:*"], `${"a".repeat(64)}.test`],
  [["dns:*"], "a\u0000.test"],
])("with %j nothing is asked about %j", async (hosts, name) => {
  const before = dns.questions.length;
  expect(await broker.send({ op: "dns", name, type: "A" }, { hosts })).toMatchObject({
    ok: false,
    code: "EGRESS_DENIED",
  });
  expect(dns.questions.length).toBe(before);
});

test("a name of the local network that the operator opened can be looked up", async () => {
  const opened = startBroker({ dnsServers: [dns.address], allowPrivate: ["misp.local:443"] }, ["dns:*"]);
  expect(await opened.send({ op: "dns", name: "misp.local", type: "A" })).toMatchObject({
    ok: true,
    rcode: "NXDOMAIN",
  });
  await opened.close();
});

test("lookups are recorded, counted, and end with their run", async () => {
  const from = broker.calls.length;
  const lease = broker.lease();
  const ask = (name: string) => broker.send({ op: "dns", name, type: "A" }, lease);
  for (let round = 0; round < 40; round += 1) await ask(round === 0 ? "missing.test" : "example.test");
  expect(await ask("example.test")).toMatchObject({
    code: "EGRESS_DENIED",
    message: expect.stringMatching(/no more are allowed/),
  });
  expect(broker.calls[from]).toMatchObject({ method: "DNS", host: "missing.test", path: "A", status: 3, error: "" });

  const stop = new AbortController();
  const pending = broker.send({ op: "dns", name: "silent.test", type: "A" }, { signal: stop.signal });
  await expect.poll(() => dns.questions.at(-1)).toBe("silent.test A");
  stop.abort();
  expect(await pending).toMatchObject({ ok: false, message: "The run has ended." });
});
