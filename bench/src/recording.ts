import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveLookup } from "@assay/backend/live-lookup";
import { migrate } from "@assay/backend/migrate";
import { createRecorder } from "@assay/backend/recorder";
import { createLogger } from "@assay/process";
import { startEmbeddedPostgres } from "@assay/scripts/postgres";
import { Pool } from "pg";
import { figure } from "./runners/figures.ts";
import { say } from "./say.ts";

const answersEach = 3;
/** Lookups that wait for their write at once. */
const outstanding = 128;

/** Measures the recorder alone on a PostgreSQL that writes to its disk: answers stored a second, each lookup in one write with its answers. */
export async function benchRecording(seconds: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "assay-recording-"));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: true });
  const log = createLogger({ name: "bench", level: "error", format: "pretty" });
  const pool = new Pool({ connectionString: postgres.url, max: 2 });
  try {
    await migrate(postgres.url, log);
    const recorder = createRecorder(pool, "bench", { now: () => new Date() }, log);
    say(`Recording: lookups of ${answersEach} answers, ${outstanding} at once`);
    let stored = 0;
    const until = performance.now() + seconds * 1000;
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: outstanding }, async (_, lane) => {
        for (let n = 0; performance.now() < until; n++) {
          await recorder.save(lookupOf(lane, n), "soon");
          stored += answersEach;
        }
      }),
    );
    figure("answers stored", stored / ((performance.now() - startedAt) / 1000), "/s", { atLeast: 3000 });
    await recorder.close();
  } finally {
    await pool.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function lookupOf(lane: number, n: number): LiveLookup {
  const id = (lane * 10_000_000 + n).toString(36).padStart(12, "0");
  const at = new Date().toISOString();
  const sources = Array.from({ length: answersEach }, (_, index) => sourceOf(index));
  const answers = sources.map((source, index) => {
    const answer = answerOf(`${id.slice(1)}${index}`, source, at);
    return { answer, json: JSON.stringify(answer) };
  });
  return {
    request: {
      ...{ id, data: `198.18.${lane}.${n % 256}`, kind: "IPV4", tlp: "GREEN", pap: "GREEN", visibility: "everyone" },
      ...{
        createdAt: at,
        userId: "bench0000000",
        callerClass: "bulk",
        batchId: "bench0000000",
        parentId: null,
        followUp: null,
      },
      ...{ traceId: "0".repeat(32), ignoreLists: [] },
    },
    premises: { decision: null, freshDays: 30 },
    cachedSinceMs: 0,
    takesStale: false,
    plan: sources.map((source) => ({ source, problems: [] })),
    deadlineAtMs: Date.now() + 30_000,
    answers,
    abort: new AbortController(),
    status: "completed",
    completedAtMs: Date.now(),
    cachedAtMs: null,
    weighed: null,
    stored: null,
    watchers: new Set(),
    gone: Promise.withResolvers(),
  };
}

type WrittenAnswer = LiveLookup["answers"][number]["answer"];

function sourceOf(index: number): WrittenAnswer["source"] {
  const provider = { id: `provider000${index}`, slug: `p${index}`, name: `Provider ${index}`, family: `p${index}` };
  return {
    ...{ id: `source00000${index}`, slug: `s${index}`, name: `Source ${index}`, language: "JAVASCRIPT", provider },
    ...{ versionId: `version0000${index}`, exposure: "local", reliability: "B" },
  };
}

/** Of the size that an answer usually has: a page of JSON with a few facts. */
function answerOf(id: string, source: WrittenAnswer["source"], at: string): WrittenAnswer {
  const data = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`field${n}`, `value ${n} of the answer`]));
  return {
    ...{ id, source, outcome: "ok", problems: [], data, verdict: "benign", labels: ["cdn"], relations: [], link: null },
    reasons: [{ code: "listed", text: "0 of 94 engines", value: 0, threshold: 5 }],
    facts: { asn: 64_496, country: "CH", org: "Example" },
    ...{ observedAt: at, fetchedAt: at },
    timing: { startedAt: at, endedAt: at, queuedMs: 0.1, sandboxMs: 2.1, upstreamMs: 0 },
    cache: { state: "off", ageSeconds: 0, expiresAt: null },
    ...{ http: [], logs: [], traceId: "0".repeat(32) },
  };
}
