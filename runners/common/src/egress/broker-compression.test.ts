import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { get, startBrokerFor, startHttpServer } from "./fixtures/broker-harness.ts";

const url = "http://up.test/";

// E07
describe("compressed answers", () => {
  const text = JSON.stringify({ list: Array.from({ length: 3000 }, (_, index) => index * 7919) });
  const zeros = Buffer.alloc(4 * 1024 * 1024);
  const head = Buffer.from("x");
  const answers: Record<string, [string, Buffer]> = {
    "/gzip": ["gzip", gzipSync(text)],
    "/x-gzip": ["X-GZip", gzipSync(text)],
    "/deflate": ["deflate", deflateSync(text)],
    "/deflate-raw": ["deflate", deflateRawSync(text)],
    "/br": ["br", brotliCompressSync(text)],
    "/zstd": ["zstd", zstdCompressSync(text)],
    "/identity": ["identity", Buffer.from(text)],
    "/empty": ["gzip", Buffer.alloc(0)],
    "/bomb-gzip": ["gzip", gzipSync(zeros)],
    "/bomb-deflate": ["deflate", deflateSync(zeros)],
    "/bomb-br": ["br", brotliCompressSync(zeros)],
    "/bomb-zstd": ["zstd", zstdCompressSync(zeros)],
    "/bomb-hidden": ["gzip", gzipSync(Buffer.concat([Buffer.from(text), zeros, zeros, head]))],
    "/nested": ["gzip, gzip", gzipSync(gzipSync(text))],
    "/nested-br": ["br,gzip", gzipSync(brotliCompressSync(text))],
    "/unknown": ["compress", Buffer.from(text)],
    "/damaged": ["gzip", Buffer.from("not gzip at all, by far")],
    "/cut": ["gzip", gzipSync(text).subarray(0, 500)],
  };
  const start = async () =>
    startBrokerFor(
      await startHttpServer((request, response) => {
        const [encoding, body] = answers[request.url ?? ""] ?? ["identity", head];
        response.setHeader("Content-Encoding", encoding).end(body);
      }),
    );

  test("are decompressed, and say no more that they were", async () => {
    const broker = await start();
    for (const path of ["gzip", "x-gzip", "deflate", "deflate-raw", "br", "zstd", "identity"]) {
      const reply = await broker.send(get(url + path));
      expect(reply).toMatchObject({ ok: true, bodyText: text });
      if (path === "identity" || !reply.ok || !("headers" in reply)) continue;
      expect(reply.headers.map(([name]) => name.toLowerCase())).not.toContain("content-encoding");
    }
    expect(await broker.send(get(`${url}empty`))).toMatchObject({ ok: true, bodyText: "" });
    expect(await broker.send(get(`${url}gzip`, { method: "HEAD" }))).toMatchObject({ ok: true, bodyText: "" });
  });

  test.each([
    ["bomb-gzip", /compressed by more than 100 to 1/],
    ["bomb-deflate", /compressed by more than 100 to 1/],
    ["bomb-br", /compressed by more than 100 to 1/],
    ["bomb-zstd", /compressed by more than 100 to 1/],
    ["bomb-hidden", /compressed by more than 100 to 1|after decompression/],
    ["nested", /compressed more than once/],
    ["nested-br", /compressed more than once/],
    ["unknown", /unknown Content-Encoding: compress/],
    ["damaged", /damaged/],
    ["cut", /damaged/],
  ])("that are a trap or broken are refused: %s", async (path, reason) => {
    const broker = await start();
    const reply = await broker.send(get(url + path));
    expect(reply).toMatchObject({ ok: false, code: "BAD_RESPONSE", message: expect.stringMatching(reason) });
  });

  test("cannot make memory grow: 10 GB of zeros end within the limit", async () => {
    const chunk = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const server = await startHttpServer((_, response) => {
      response.setHeader("Content-Encoding", "gzip");
      const more = (left: number) => (left === 0 ? response.end() : response.write(chunk, () => more(left - 1)));
      more(160);
    });
    const broker = startBrokerFor(server, { compressionRatioMax: 1e9 });
    const before = process.memoryUsage().rss;
    expect(await broker.send(get(url))).toMatchObject({
      code: "BAD_RESPONSE",
      message: expect.stringMatching(/after decompression/),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
  });

  test("a reply that would not fit into a message to the sandbox is refused", async () => {
    const body = gzipSync(Buffer.alloc(4_900_000, "\u0000\u0001abcdefg"));
    const server = await startHttpServer((_, response) => response.setHeader("Content-Encoding", "gzip").end(body));
    expect(await startBrokerFor(server, { compressionRatioMax: 1e9 }).send(get(url))).toMatchObject({
      code: "BAD_RESPONSE",
    });
  });
});
