import fc from "fast-check";
import { expect, test } from "vitest";
import { get, startBroker } from "./fixtures/broker-harness.ts";
import { countConnections } from "./fixtures/connection-watch.ts";
import { startDnsServer } from "./fixtures/dns-server.ts";

test("no spelling of an address that is not global, and no name that resolves to one, is ever connected to", async () => {
  const dns = await startDnsServer((name, type) => {
    const address = Buffer.from(name.replace(".fuzz.test", ""), "hex");
    return type === "A" ? [{ type, ttl: 0, data: address.join(".") }] : [];
  });
  const broker = startBroker({ dnsServers: [dns.address] }, ["*"]);
  const octets = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 239, 240, 255), fc.nat(255), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constantFrom(192), fc.constantFrom(168), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constantFrom(169), fc.constantFrom(254), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constantFrom(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constantFrom(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
  );
  const spellings: ((bytes: number[]) => string)[] = [
    (bytes) => bytes.join("."),
    (bytes) => `${bytes.join(".")}.`,
    (bytes) => bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
    (bytes) => bytes.map((byte) => `0${byte.toString(8)}`).join("."),
    (bytes) => String(Buffer.from(bytes).readUInt32BE()),
    (bytes) => `${bytes[0]}.${Buffer.from([0, ...bytes.slice(1)]).readUInt32BE()}`,
    (bytes) => encodeURIComponent(bytes.join(".")).replaceAll(".", "%2e"),
    (bytes) => bytes.join("。"),
    (bytes) => `[::ffff:${bytes.join(".")}]`,
    (bytes) => `[64:ff9b::${bytes.join(".")}]`,
    (bytes) =>
      `[::${Buffer.from(bytes)
        .toString("hex")
        .replace(/(....)/, "$1:")}]`,
    (bytes) => `${Buffer.from(bytes).toString("hex")}.fuzz.test`,
  ];
  const url = fc
    .tuple(
      octets,
      fc.constantFrom(...spellings),
      fc.constantFrom("http://", "https:\\\\", "HTTP:/"),
      fc.constantFrom("", "/", "/a?b#@93.184.216.34"),
    )
    .map(([bytes, spell, scheme, tail]) => scheme + spell(bytes) + tail);
  const connections = await countConnections(async () => {
    await fc.assert(
      fc.asyncProperty(url, async (text) => {
        expect(await broker.send(get(text))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
      }),
      { numRuns: 400 },
    );
  });
  expect(connections).toBe(0);
  await broker.close();
  await dns.close();
});
