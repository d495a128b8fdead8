import type { Executor, Fence } from "@assay/runner-common";
import { figure, p50 } from "./figures.ts";
import { answered, openExecutor } from "./open-executor.ts";
import { interpreters, isHost, mebibytes, processesBelow, totalPss } from "./process-memory.ts";
import { quickSource, type Language } from "./sources.ts";

const isolates = 50;
const sources = 200;
const ownSources = 10;

async function use(executor: Executor, language: Language, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await answered(executor, quickSource(language, n));
}

/** What an idle isolate, a warmed interpreter, a child, and two hundred sources of each language take. */
export async function benchMemory(fence: Fence, samples: number): Promise<void> {
  const count = Math.min(isolates, samples);
  const javascript = await openExecutor("JAVASCRIPT", fence, 1);
  try {
    // The first source brings with it what all share.
    await use(javascript, "JAVASCRIPT", 1);
    const hostBytes = (): number =>
      processesBelow()
        .filter(isHost)
        .reduce((sum, { privateBytes }) => sum + privateBytes, 0);
    const before = hostBytes();
    await use(javascript, "JAVASCRIPT", count + 1);
    figure("JavaScript: an idle isolate", mebibytes(hostBytes() - before) / count, "MiB", { atMost: 2 });
  } finally {
    await javascript.close();
  }

  const python = await openExecutor("PYTHON", fence);
  try {
    await use(python, "PYTHON", Math.min(ownSources, samples));
    const { zygotes, children } = interpreters();
    figure("Python: a warmed interpreter (PSS)", mebibytes(p50(zygotes.map(({ pssBytes }) => pssBytes))), "MiB", {
      atMost: 25,
    });
    figure("Python: a child (private)", mebibytes(p50(children.map(({ privateBytes }) => privateBytes))), "MiB", {
      atMost: 3,
    });
  } finally {
    await python.close();
  }

  const all = Math.min(sources, samples);
  const both = { JAVASCRIPT: await openExecutor("JAVASCRIPT", fence), PYTHON: await openExecutor("PYTHON", fence) };
  try {
    await Promise.all((["JAVASCRIPT", "PYTHON"] as const).map((language) => use(both[language], language, all)));
    figure(`${all} sources of each language (PSS of all sandboxes)`, mebibytes(totalPss()), "MiB", { atMost: 1536 });
    figure("  of which Python interpreters still warm", interpreters().zygotes.length, "");
  } finally {
    await Promise.all([both.JAVASCRIPT.close(), both.PYTHON.close()]);
  }
}
