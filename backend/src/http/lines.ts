import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { LineFile } from "./handlers.ts";

/**
 * Answers with a file of lines of JSON. What fails before the first line rejects; what fails later cuts the connection, so that nobody
 * takes half a file for a whole one.
 */
export async function sendLines(
  res: ServerResponse,
  { fileName, lines }: LineFile,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const open = (): void => {
    if (res.headersSent) return;
    res.writeHead(200, {
      ...headers,
      "content-type": "application/jsonl; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName}"`,
    });
  };
  try {
    for await (const line of lines) {
      if (signal.aborted) break;
      open();
      if (!res.write(`${JSON.stringify(line)}\n`)) await once(res, "drain", { signal });
    }
    if (signal.aborted) throw signal.reason;
  } catch (error) {
    if (!res.headersSent) throw error;
    res.destroy();
    return;
  }
  open();
  res.end();
}
