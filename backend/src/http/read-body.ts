import type { IncomingMessage } from "node:http";
import { fail, ProblemError } from "../problem-error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

export const bodyBytesMaxDefault = 1024 * 1024;

/**
 * The JSON body of a call.
 * @throws ProblemError UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, MALFORMED_JSON
 */
export async function readBody(req: IncomingMessage, bytesMax: number): Promise<unknown> {
  const type = req.headers["content-type"];
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
    fail("UNSUPPORTED_MEDIA_TYPE", "The body must be JSON; send the header Content-Type: application/json.");
  }
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? "utf-8";
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) {
    fail("UNSUPPORTED_MEDIA_TYPE", "The body must be UTF-8; send it so, and leave the charset out of Content-Type.");
  }
  if ((req.headers["content-encoding"] ?? "identity") !== "identity") {
    fail("UNSUPPORTED_MEDIA_TYPE", "The body must not be compressed; leave out the header Content-Encoding.");
  }
  const bytes = await readBytes(req, bytesMax);
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (error) {
    fail("MALFORMED_JSON", `The body is not valid JSON: ${faultOf(error)}`);
  }
}

/** The parser's words without the piece of the body that it quotes, which may be of a password. */
function faultOf(error: unknown): string {
  if (!(error instanceof SyntaxError)) return "it is not UTF-8";
  const [unexpected] = /^Unexpected token '.'/su.exec(error.message) ?? [];
  return unexpected ?? (error.message.includes('"') ? "it has a word that JSON does not know" : error.message);
}

/** How much of a body that is too large is read and dropped, so that the caller gets to see the answer. */
const drainBytesMax = 32 * 1024 * 1024;

function readBytes(req: IncomingMessage, bytesMax: number): Promise<Buffer> {
  // What is still coming in after the answer is not read, so the connection is of no further use.
  const tooLarge = (): ProblemError =>
    new ProblemError("BODY_TOO_LARGE", `The body may have ${bytesMax} bytes at the most.`, {
      headers: { connection: "close" },
    });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (length > drainBytesMax) reject(tooLarge());
    });
    req.once("end", () => (length > bytesMax ? reject(tooLarge()) : resolve(Buffer.concat(chunks, length))));
    req.once("error", reject);
    req.once("close", () => {
      if (!req.complete) reject(new ProblemError("MALFORMED_JSON", "The body was cut off."));
    });
  });
}
