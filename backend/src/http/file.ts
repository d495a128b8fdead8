import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FileAnswer } from "./handlers.ts";

/** Text is gathered up to about this many characters before it is written: a write for every line costs more than making the line. */
const writeChars = 16_384;

/**
 * Answers with a file, as fast as the client takes it. What fails before the first write rejects; what fails later cuts the connection,
 * so that nobody takes half a file for a whole one.
 */
export async function sendFile(
  res: ServerResponse,
  { name, mediaType, chunks }: FileAnswer,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const write = async (text: string): Promise<void> => {
    if (!res.headersSent) {
      const disposition = `attachment; filename="${name}"`;
      res.writeHead(200, { ...headers, "content-type": mediaType, "content-disposition": disposition });
    }
    if (text !== "" && !res.write(text)) await once(res, "drain", { signal });
  };
  let gathered = "";
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) break;
      gathered += chunk;
      if (gathered.length < writeChars) continue;
      await write(gathered);
      gathered = "";
    }
    if (signal.aborted) throw signal.reason;
    await write(gathered);
  } catch (error) {
    if (!res.headersSent) throw error;
    res.destroy();
    return;
  }
  res.end();
}

/** Every value as a line of JSON. */
export async function* jsonLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}
