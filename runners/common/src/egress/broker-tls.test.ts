import { afterAll, beforeAll, expect, test } from "vitest";
import { get, startBroker, startHttpsServer, type TestBroker, type TestServer } from "./fixtures/broker-harness.ts";
import { createTestCertificates, type TestCertificates } from "./fixtures/certificates.ts";

let certificates: TestCertificates;
const servers: Record<string, TestServer> = {};
let broker: TestBroker;
let requests = 0;

beforeAll(async () => {
  certificates = createTestCertificates();
  const good = certificates.issue(["good.test", "old-tls.test"]);
  const options = {
    "good.test": good,
    "expired.test": certificates.issue(["expired.test"], "expired"),
    "wrong-name.test": certificates.issue(["other.test"]),
    "self-signed.test": certificates.issueSelfSigned("self-signed.test"),
    "old-tls.test": {
      ...good,
      minVersion: "TLSv1.1" as const,
      maxVersion: "TLSv1.1" as const,
      ciphers: "DEFAULT@SECLEVEL=0",
    },
  };
  for (const [name, option] of Object.entries(options)) {
    // TLS 1.2 hands out its session ticket before the client has looked at the name.
    servers[name] = await startHttpsServer({ maxVersion: "TLSv1.2", ...option }, (request, response) => {
      requests += 1;
      response.end(`for ${request.headers.host}`);
    });
  }
  const staticHosts = Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, `127.0.0.1:${server.port}`]),
  );
  broker = startBroker({ allowPrivate: ["127.0.0.1"], staticHosts, caFile: certificates.caFile }, Object.keys(options));
});

afterAll(async () => {
  await broker.close();
  for (const server of Object.values(servers)) await server.close();
  certificates.remove();
});

test("a certificate of the configured authority for the name asked for is accepted, at the pinned address", async () => {
  expect(await broker.send(get("https://good.test/"))).toMatchObject({ ok: true, bodyText: "for good.test" });
});

// E09: neither the first time nor the second, when a TLS session could be resumed; nothing of the request is sent.
test.each([
  ["expired.test", "The certificate of expired.test has expired."],
  ["wrong-name.test", "The certificate that wrong-name.test shows is for another host."],
  ["self-signed.test", "The certificate of self-signed.test is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)."],
  ["old-tls.test", "old-tls.test does not offer an acceptable TLS connection."],
])("%s is refused", async (host, message) => {
  const before = requests;
  for (let round = 0; round < 3; round += 1) {
    expect(await broker.send(get(`https://${host}/`))).toEqual({ ok: false, code: "UPSTREAM_ERROR", message, host });
  }
  expect(requests).toBe(before);
});

test("without the extra authority its certificates are not trusted", async () => {
  const staticHosts = { "good.test": `127.0.0.1:${servers["good.test"]?.port}` };
  const stranger = startBroker({ allowPrivate: ["good.test"], staticHosts }, ["good.test"]);
  expect(await stranger.send(get("https://good.test/"))).toMatchObject({
    ok: false,
    message: expect.stringMatching(/not trusted/),
  });
  await stranger.close();
});

test("a CA file that holds no certificate stops the broker from being made", () => {
  expect(() => startBroker({ caFile: import.meta.filename }, [])).toThrow(/holds no PEM certificate/);
  expect(() => startBroker({ caFile: "/does/not/exist.pem" }, [])).toThrow(/exist\.pem/);
});
