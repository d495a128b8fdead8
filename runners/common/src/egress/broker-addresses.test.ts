import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EgressOptions } from "./broker.ts";
import { get, startBroker, startHttpServer, type TestBroker, type TestServer } from "./fixtures/broker-harness.ts";
import { countConnections } from "./fixtures/connection-watch.ts";
import { startDnsServer, type DnsAnswer, type TestDnsServer } from "./fixtures/dns-server.ts";

// Every case below must be refused without a single connection being begun: the guarantee is "no packet", not "no answer".
let dns: TestDnsServer;
let broker: TestBroker;
let server: TestServer;
let rebindings = 0;

const zone: Record<string, readonly DnsAnswer[]> = {
  "private-a.test A": [{ type: "A", data: "10.0.0.5" }],
  "private-aaaa.test AAAA": [{ type: "AAAA", data: "fd00::5" }],
  "mixed.test A": [
    { type: "A", data: "93.184.216.34" },
    { type: "A", data: "127.0.0.1" },
  ],
  "mixed-families.test A": [{ type: "A", data: "93.184.216.34" }],
  "mixed-families.test AAAA": [{ type: "AAAA", data: "::1" }],
  "metadata-a.test A": [{ type: "A", data: "169.254.169.254" }],
  "mapped.test AAAA": [{ type: "AAAA", data: "::ffff:7f00:1" }],
  "nat64.test AAAA": [{ type: "AAAA", data: "64:ff9b::a00:1" }],
  "cname.test A": [
    { type: "CNAME", data: "inner.corp.test" },
    { type: "A", name: "inner.corp.test", data: "192.168.1.1" },
  ],
};

beforeAll(async () => {
  server = await startHttpServer((request, response) => response.end(`for ${request.headers.host}`));
  dns = await startDnsServer((name, type) => {
    if (name === "rebinding.test" && type === "A") {
      rebindings += 1;
      return [{ type: "A", ttl: 0, data: rebindings === 1 ? "127.0.0.1" : "10.0.0.9" }];
    }
    return zone[`${name} ${type}`] ?? (Object.keys(zone).some((key) => key.startsWith(`${name} `)) ? [] : 3);
  });
  broker = startBroker({ dnsServers: [dns.address] }, ["*"]);
});

afterAll(async () => {
  await broker.close();
  await dns.close();
  await server.close();
});

describe("a source that may reach any public host is refused, and nothing is sent, for", () => {
  test.each([
    // E01: metadata services
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://168.63.129.16/",
    "http://100.100.100.200/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://metadata/",
    "http://[::ffff:169.254.169.254]/",
    "http://metadata-a.test/",
    // E02: this machine, however it is spelled
    "http://localhost/",
    "http://x.localhost/",
    "http://printer.local/",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127.0.0.1./",
    "http://0.0.0.0/",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    // E03: names that lead inside
    "https://private-a.test/",
    "https://private-aaaa.test/",
    "https://mixed.test/",
    "https://mixed-families.test/",
    "https://mapped.test/",
    "https://nat64.test/",
    "https://cname.test/",
    // E11: ports that are not the web's
    "http://93.184.216.34:22/",
    "http://93.184.216.34:6379/",
    "https://93.184.216.34:5432/",
  ])("%s", async (url) => {
    const connections = await countConnections(async () => {
      expect(await broker.send(get(url))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    });
    expect(connections).toBe(0);
  });
});

function startOpened(extra: Partial<EgressOptions>, hosts: string[]): TestBroker {
  return startBroker({ dnsServers: [dns.address], ...extra }, hosts);
}

describe("a private address that the operator opened", () => {
  test("is reached by a source that names the host, and never by the star", async () => {
    const opened = startOpened(
      { allowPrivate: ["inside.test"], staticHosts: { "inside.test": `127.0.0.1:${server.port}` } },
      [],
    );
    const url = "http://inside.test/";
    expect(await opened.send(get(url), { hosts: ["inside.test"] })).toMatchObject({
      ok: true,
      bodyText: "for inside.test",
    });
    expect(await opened.send(get(url), { hosts: ["*"] })).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    await opened.close();
  });

  test("stays closed to a static host that no entry opens", async () => {
    const closed = startOpened({ staticHosts: { "inside.test": `127.0.0.1:${server.port}` } }, ["inside.test"]);
    expect(await closed.send(get("http://inside.test/"))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    await closed.close();
  });

  test("does not open metadata services, not even by name or address", async () => {
    const greedy = startOpened({ allowPrivate: ["0.0.0.0/0", "::/0", "metadata.google.internal", "metadata-a.test"] }, [
      "169.254.169.254",
      "metadata.google.internal",
      "metadata-a.test",
      "fd00:ec2::254",
    ]);
    const connections = await countConnections(async () => {
      for (const host of ["169.254.169.254", "metadata.google.internal", "metadata-a.test", "[fd00:ec2::254]"]) {
        expect(await greedy.send(get(`http://${host}/`))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
      }
    });
    expect(connections).toBe(0);
    await greedy.close();
  });

  // E03: the address that was checked is the one connected to; a second, different answer is checked again and refused.
  test("is pinned: rebinding between two requests is noticed", async () => {
    const host = `rebinding.test:${server.port}`;
    const pinned = startOpened({ allowPrivate: ["127.0.0.1"] }, [host]);
    expect(await pinned.send(get(`http://${host}/`))).toMatchObject({ ok: true, bodyText: `for ${host}` });
    expect(await pinned.send(get(`http://${host}/`))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    await pinned.close();
  });
});

describe("a name that cannot be resolved is an honest failure", () => {
  test("when it does not exist", async () => {
    expect(await broker.send(get("https://missing.test/"))).toEqual({
      ok: false,
      code: "UPSTREAM_ERROR",
      message: "could not resolve host missing.test: the name does not exist",
      host: "missing.test",
    });
  });

  test("when no DNS server answers, or none can be reached", async () => {
    const silent = await startDnsServer(() => "silence");
    const deaf = startBroker({ dnsServers: [silent.address], limits: { dnsTimeoutMs: 150 } }, ["*"]);
    expect(await deaf.send(get("https://any.test/"))).toMatchObject({
      code: "UPSTREAM_ERROR",
      message: "could not resolve host any.test: no DNS server answered in time",
    });
    await silent.close();
    expect(await deaf.send(get("https://any.test/"))).toMatchObject({ code: "UPSTREAM_ERROR" });
    await deaf.close();
  });
});
