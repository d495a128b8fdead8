import { pipeline } from "node:stream/promises";
import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { EgressError } from "./egress-error.ts";
import type { EgressLimits } from "./limits.ts";

type BodyLimits = Pick<
  EgressLimits,
  "wireBytesMax" | "bodyBytesMax" | "compressionRatioMax" | "compressionRatioFloorBytes"
>;

// The window that RFC 8878 asks every decoder to support; larger ones would let the sender choose our memory.
const zstdWindowLogMax = 23;

/**
 * Reads a body to its end and undoes its Content-Encoding, counting on both sides of the decoder while it runs: a bomb is cut off
 * within one chunk. `countWire` is told of each chunk's size. Throws an EgressError (BAD_RESPONSE), or what the stream throws.
 */
export async function readBody(
  body: AsyncIterable<Buffer>,
  contentEncoding: string | undefined,
  limits: BodyLimits,
  countWire: (bytes: number) => void,
): Promise<Buffer> {
  const encoding = parseEncoding(contentEncoding);
  let wireBytes = 0;
  async function* wire(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      wireBytes += chunk.length;
      countWire(chunk.length);
      if (wireBytes > limits.wireBytesMax) throw tooLarge(`more than ${limits.wireBytesMax} bytes long`);
      if (chunk.length > 0) yield chunk;
    }
  }
  const chunks: Buffer[] = [];
  let bodyBytes = 0;
  async function collect(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bodyBytes += chunk.length;
      if (bodyBytes > limits.bodyBytesMax)
        throw tooLarge(`more than ${limits.bodyBytesMax} bytes long after decompression`);
      if (bodyBytes > limits.compressionRatioFloorBytes && bodyBytes > wireBytes * limits.compressionRatioMax) {
        throw tooLarge(`compressed by more than ${limits.compressionRatioMax} to 1`);
      }
      chunks.push(chunk);
    }
  }
  const source = wire(body);
  if (encoding === "identity") {
    await collect(source);
  } else {
    const first = await source.next();
    if (first.done) return Buffer.alloc(0);
    await pipeline(prepend(first.value, source), createDecoder(encoding, first.value), collect);
  }
  return Buffer.concat(chunks, bodyBytes);
}

type Encoding = "identity" | "gzip" | "deflate" | "br" | "zstd";

function parseEncoding(header: string | undefined): Encoding {
  const applied = (header ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "identity");
  const [encoding] = applied;
  if (encoding === undefined) return "identity";
  if (applied.length > 1)
    throw new EgressError("BAD_RESPONSE", "The answer is compressed more than once, which is refused.");
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  if (encoding === "deflate" || encoding === "br" || encoding === "zstd") return encoding;
  throw new EgressError("BAD_RESPONSE", `The answer has an unknown Content-Encoding: ${encoding.slice(0, 32)}.`);
}

function createDecoder(encoding: Exclude<Encoding, "identity">, first: Buffer): Transform {
  switch (encoding) {
    case "gzip":
      return createGunzip();
    case "deflate":
      // Servers disagree on whether "deflate" has the zlib wrapper; its first byte tells (RFC 1950: method 8).
      return (first[0] ?? 0) % 16 === 8 ? createInflate() : createInflateRaw();
    case "br":
      return createBrotliDecompress();
    case "zstd":
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLogMax } });
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>) {
  yield first;
  yield* rest;
}

function tooLarge(what: string): EgressError {
  return new EgressError("BAD_RESPONSE", `The answer is ${what}, which is refused.`);
}
