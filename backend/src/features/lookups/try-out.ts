import {
  type Answer,
  cacheLifetimesOfExposure,
  IndicatorKind,
  type Language,
  type SecretSlot,
  type ServerConfig,
  type StripPart,
} from "@assay/contract";
import type { Logger } from "@assay/process";
import { context, trace } from "@opentelemetry/api";
import { createHash } from "node:crypto";
import type { Clock } from "../../context.ts";
import { newId } from "../../ids.ts";
import type { Quotas } from "../quotas/quotas.ts";
import type { SecretUse } from "../secrets/secret-store.ts";
import { type LiveLookup, newLiveLookup } from "./live-lookup.ts";
import { runLookup } from "./lookup-run.ts";
import { planLookup } from "./plan.ts";
import type { PlannableSource } from "./plannable.ts";
import type { RunnerPool } from "./runner-pool.ts";

/** Code that belongs to no source, and what it is to be run on. */
export interface TryOut {
  readonly language: Language;
  readonly code: string;
  readonly hosts: readonly string[];
  readonly strip: readonly StripPart[];
  readonly secretSlots: readonly SecretSlot[];
  /** The values that the code sees, as a JSON object. */
  readonly configJson: string;
  readonly timeoutMs: number;
  readonly indicator: { readonly data: string; readonly kind: IndicatorKind };
  readonly userId: string;
}

export interface TryOutTools {
  readonly runners: RunnerPool;
  readonly secrets: SecretUse;
  readonly quotas: Quotas;
  readonly settings: ServerConfig;
  readonly log: Logger;
  readonly clock: Clock;
}

/** For a place in the queue, the hand-over of the code and the start of its sandbox. */
const aheadMs = 10_000;
const tracer = trace.getTracer("assay.lookups");

/**
 * Runs code once as a lookup of one source that is never stored: the same plan, dispatch and limits. The source is thrown away
 * afterwards, in the runners as well. Never rejects: whatever goes wrong is in the answer.
 */
export async function tryOut(tools: TryOutTools, unsaved: TryOut, signal: AbortSignal): Promise<Answer> {
  const { runners, secrets, quotas, settings, log, clock } = tools;
  const source = throwAway(unsaved);
  const planned = planLookup({
    ...unsaved.indicator,
    tlp: "CLEAR",
    pap: "CLEAR",
    heldBy: [],
    named: [source],
    all: [],
    languages: { JAVASCRIPT: settings.javascriptEnabled, PYTHON: settings.pythonEnabled },
    secretProblems: secrets.problems,
  });
  const span = tracer.startSpan("source.test", { attributes: { "assay.language": unsaved.language } });
  const lookup = liveLookup(unsaved, clock.now().getTime(), span.spanContext().traceId);
  const stop = (): void => lookup.abort.abort();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const parent = trace.setSpan(context.active(), span);
    const nothing = (): void => undefined;
    const beside = { cache: null, revalidate: nothing, onChange: nothing };
    await runLookup(lookup, planned, { runners, secrets, quotas, log, clock, ...beside }, parent);
  } finally {
    signal.removeEventListener("abort", stop);
    span.end();
    runners.forget(unsaved.language, source.snapshot.id);
  }
  const [written] = lookup.answers;
  if (!written) throw new Error("a lookup of one source ended without its answer");
  return written.answer;
}

function throwAway({ language, code, hosts, strip, secretSlots, configJson, timeoutMs }: TryOut): PlannableSource {
  const id = newId();
  const nobody = { id, slug: "unsaved", name: "Unsaved" };
  return {
    snapshot: {
      ...nobody,
      language,
      versionId: id,
      provider: { ...nobody, family: "unsaved" },
      exposure: "local",
      reliability: "F",
    },
    language,
    enabled: true,
    providerEnabled: true,
    supportedIndicators: new Set(IndicatorKind.options),
    disabledIndicators: new Set(),
    maxTlp: "RED",
    strip,
    hosts,
    secretSlots,
    timeoutMs,
    cacheEnabled: false,
    cacheLifetimes: cacheLifetimesOfExposure.local,
    limits: { enabled: true, quota: [], reservePercent: 0, callsPerLookup: 1, waitMs: 0, isKept: false },
    configJson,
    code,
    codeHash: createHash("sha256").update(code).digest("hex"),
  };
}

function liveLookup({ indicator, timeoutMs, userId }: TryOut, nowMs: number, traceId: string): LiveLookup {
  const createdAt = new Date(nowMs).toISOString();
  return newLiveLookup({
    request: {
      id: newId(),
      ...indicator,
      tlp: "CLEAR",
      pap: "CLEAR",
      visibility: "private",
      createdAt,
      userId,
      callerClass: "interactive",
      batchId: null,
      parentId: null,
      followUp: null,
      traceId,
      ignoreLists: [],
    },
    premises: { decision: null, freshDays: null },
    plan: [],
    deadlineAtMs: nowMs + timeoutMs + aheadMs,
    cachedSinceMs: nowMs,
    takesStale: false,
  });
}
