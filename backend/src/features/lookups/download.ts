import type { DownloadReply } from "@assay/proto";
import type { RunnerPool } from "./runner-pool.ts";

export interface DownloadInput {
  readonly url: string;
  /** Of the last answer; empty: none. */
  readonly etag: string;
  readonly lastModified: string;
}

/** A file, or a sentence that says why there is none. */
export type Downloaded =
  | ({ readonly ok: true } & Pick<DownloadReply, "status" | "etag" | "lastModified" | "text">)
  | { readonly ok: false; readonly problem: string };

const bytesMax = 24_000_000;
const timeoutMs = 60_000;
/** For the way there and back. */
const graceMs = 5_000;

/** Has a runner fetch a file: the backend itself reaches out to nobody, and the broker's rules for addresses hold. */
export async function download(pool: RunnerPool, input: DownloadInput, signal: AbortSignal): Promise<Downloaded> {
  const runner = pool.any("JAVASCRIPT") ?? pool.any("PYTHON");
  if (!runner) return { ok: false, problem: "No runner serves right now, and it is a runner that fetches files." };
  const { url, etag, lastModified } = input;
  const request = { url, etag, lastModified, bytesMax, timeoutMs };
  const reply = await runner.client
    .download(request, { deadlineMs: Date.now() + timeoutMs + graceMs, signal })
    .catch(() => null);
  if (!reply) return { ok: false, problem: `The runner at ${runner.address} failed, or is of an older version.` };
  if (reply.problem) return { ok: false, problem: reply.problem.message };
  return { ok: true, ...reply };
}
