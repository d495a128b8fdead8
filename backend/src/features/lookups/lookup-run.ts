import type { AnswerProblem, CallerClass } from "@assay/contract";
import type { Logger } from "@assay/process";
import { context, type Context as TraceContext, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Clock } from "../../context.ts";
import type { AnswerCache } from "../cache/answer-cache.ts";
import { answerOf, answerWithout, type Asked, type WrittenAnswer } from "./answer.ts";
import { answerIdOf } from "./answer-id.ts";
import { allEnded } from "./all-ended.ts";
import { createCachedAsking } from "./cached-asking.ts";
import { dispatch } from "./dispatch.ts";
import { indicatorFor, type SourceQuestion } from "./indicator-for.ts";
import type { LiveLookup } from "./live-lookup.ts";
import type { PlannableSource } from "./plannable.ts";
import type { PlannedSource } from "./plan.ts";
import { broken, stopped, unavailable } from "./no-answer.ts";
import { type RunnerCall, runnerCalls } from "./runner-calls.ts";
import type { RunnerPool } from "./runner-pool.ts";
import type { Admission } from "../quotas/admission.ts";
import type { CallEnd, Quotas } from "../quotas/quotas.ts";
import type { Outcome } from "../quotas/waiting-room.ts";
import type { SecretUse } from "../secrets/secret-store.ts";

export interface RunTools {
  readonly runners: RunnerPool;
  readonly secrets: SecretUse;
  /** null: every source is asked. */
  readonly cache: AnswerCache | null;
  /** Asks a source anew, beside all lookups, because of what this one was given. */
  readonly revalidate: (source: PlannableSource, lookup: LiveLookup) => void;
  readonly quotas: Quotas;
  readonly log: Logger;
  readonly clock: Clock;
  /** Called after every answer and at the end. */
  readonly onChange: (lookup: LiveLookup) => void;
}

const tracer = trace.getTracer("assay.lookups");
/** Those that nobody sits and waits for. */
const inBackground: ReadonlySet<CallerClass> = new Set<CallerClass>(["scheduled", "bulk"]);
/** `abort.reason` of a lookup whose time is over. */
const deadlinePassed = Symbol("deadline passed");

/**
 * Runs what is planned until every source has its answer, the deadline passes or somebody cancels. Never rejects, and leaves
 * exactly one answer for each planned source: where Assay itself breaks, that it did, and the others go on.
 */
export async function runLookup(
  lookup: LiveLookup,
  planned: readonly PlannedSource[],
  tools: RunTools,
  parent: TraceContext,
): Promise<void> {
  const startedAtMs = lookup.stored === null ? Date.parse(lookup.request.createdAt) : tools.clock.now().getTime();
  // Whatever is made with it is added at once.
  const asked = (source: PlannableSource): Asked => ({
    id: answerIdOf(lookup.request.id, lookup.answers.length),
    startedAtMs,
    endedAtMs: tools.clock.now().getTime(),
    traceId: lookup.request.traceId,
    askedFor: questions.get(source)?.askedFor,
  });
  const done = new Set<PlannableSource>();
  const admitted = new Map<PlannableSource, Admission>();
  /** What each source is asked about; not all may see the whole indicator. */
  const questions = new Map<PlannableSource, SourceQuestion>();
  /** `end`: what became of the call where a runner told; what is not told counts as made. */
  const add = (source: PlannableSource, written: WrittenAnswer, end?: Pick<CallEnd, "attempts">): void => {
    if (done.has(source)) return;
    done.add(source);
    // First of all, so that whatever breaks below, the answer is there.
    lookup.answers.push(written);
    guarded(() => cached.answered(source, written));
    guarded(() => {
      const admission = admitted.get(source);
      if (admission) tools.secrets.note(admission.taken, written.answer);
      if (admission && end) tools.quotas.settle(admission, { ...written.answer, ...end }, tools.secrets);
    });
    tools.onChange(lookup);
  };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      logBroken(error);
    }
  };
  const logBroken = (err: unknown): void =>
    tools.log.error({ err, lookup: lookup.request.id }, "Assay broke in mid-lookup");
  /** What nobody foresaw: those of the sources that have no answer are told so. */
  const breakOff = (error: unknown, sources: readonly PlannableSource[]): void => {
    logBroken(error);
    for (const source of sources) add(source, answerWithout(source, "failed", [broken], asked(source)));
  };
  const skip = (source: PlannableSource, problems: readonly AnswerProblem[]): void =>
    add(source, answerWithout(source, "skipped", problems, { ...asked(source), endedAtMs: startedAtMs }));
  /** Settles what a source is asked; one that may see too little of the indicator, as it is now, is not. */
  const mayBeAsked = (source: PlannableSource): boolean => {
    const question = indicatorFor(source, lookup.request);
    if (question.ok) questions.set(source, question);
    else skip(source, [question.problem]);
    return question.ok;
  };
  /** The source where it has got a call; else none, and why is its answer. */
  const admitOrAnswer = (source: PlannableSource, outcome: Outcome): PlannableSource[] => {
    if ("admission" in outcome) {
      admitted.set(source, outcome.admission);
      return [source];
    }
    const { because, problems } = outcome.refusal;
    add(source, answerWithout(source, because === "spent" ? "failed" : "skipped", problems, asked(source)));
    return [];
  };
  /** Asks those that can be asked now; what was planned may be old, as a lookup that is taken over finds secrets as they are. */
  const askAdmitted = async (sources: readonly PlannableSource[]): Promise<void> => {
    const { callerClass } = lookup.request;
    const asking = { callerClass, deadlineAtMs: lookup.deadlineAtMs, signal: lookup.abort.signal };
    const tickets = await tools.quotas.admit(sources, asking, tools.secrets);
    const ready = tickets.flatMap((ticket) =>
      ticket.at === "once" ? admitOrAnswer(ticket.source, ticket.outcome) : [],
    );
    const late = tickets.map(async (ticket) => {
      const outcome = ticket.at === "turn" ? await ticket.outcome : null;
      if (outcome) await sendAll(admitOrAnswer(ticket.source, outcome));
    });
    await allEnded([...late, sendAll(ready)]);
  };
  const ask = (sources: readonly PlannableSource[]): Promise<void> =>
    askAdmitted(sources).catch((error: unknown) => breakOff(error, sources));
  const sendAll = async (sources: readonly PlannableSource[]) => allEnded(runnerCalls(sources, questions).map(send));
  /** One stream to a runner of the language. */
  const send = async (call: RunnerCall): Promise<void> => {
    const attributes = { "assay.language": call.language, "assay.sources": call.sources.length };
    const span = tracer.startSpan("lookup.dispatch", { attributes }, parent);
    await sendUnder(span, call).finally(() => span.end());
  };
  const sendUnder = async (span: Span, { language, indicator, sources }: RunnerCall): Promise<void> => {
    const job = {
      lookupId: lookup.request.id,
      background: inBackground.has(lookup.request.callerClass),
      indicator,
      language,
      sources,
      secrets: new Map([...admitted].map(([source, { taken }]) => [source, taken.values])),
      deadlineAtMs: lookup.deadlineAtMs,
      signal: lookup.abort.signal,
    };
    const undone = await context.with(trace.setSpan(parent, span), () =>
      dispatch(
        tools.runners,
        {
          ...job,
          onAnswer: (source, told, attempts) => {
            try {
              add(source, answerOf(source, told, asked(source), cached.wordsOf(source)), { attempts });
            } catch (error) {
              // Not the runner's fault, so that no other one is asked.
              breakOff(error, [source]);
            }
          },
        },
        tools,
      ),
    );
    if (undone.sources.length > 0) span.setStatus({ code: SpanStatusCode.ERROR, message: undone.reason });
    for (const source of undone.wasSent ? [] : undone.sources) {
      const admission = admitted.get(source);
      if (admission) tools.quotas.giveBack(admission);
    }
    if (!lookup.abort.signal.aborted && tools.clock.now().getTime() < lookup.deadlineAtMs) {
      for (const source of undone.sources)
        add(source, answerWithout(source, "failed", [unavailable(language, undone.reason)], asked(source)));
    }
  };
  const revalidate = (source: PlannableSource): void => tools.revalidate(source, lookup);
  const indicatorOf = (source: PlannableSource) => questions.get(source)?.indicator ?? lookup.request;
  const { cache, clock } = tools;
  const cached = createCachedAsking({ cache, lookup, clock, indicatorOf, asked, ask, add, revalidate });
  for (const { source, problems } of planned) {
    if (problems.length > 0) skip(source, problems);
  }
  const toAsk = planned.filter(({ problems }) => problems.length === 0).map(({ source }) => source);
  const timer = setTimeout(() => lookup.abort.abort(deadlinePassed), Math.max(0, lookup.deadlineAtMs - startedAtMs));
  try {
    await cached.ask(toAsk.filter(mayBeAsked));
  } catch (error) {
    breakOff(error, toAsk);
  } finally {
    clearTimeout(timer);
  }
  const { aborted, reason } = lookup.abort.signal;
  const isLate = !aborted || reason === deadlinePassed;
  const open = toAsk.filter((source) => !done.has(source));
  for (const source of open) add(source, stopped(source, isLate, lookup, asked(source)));
  lookup.status = open.length === 0 ? "completed" : isLate ? "expired" : "cancelled";
  lookup.cachedAtMs = open.length === 0 ? cached.allGivenAtMs() : null;
  lookup.completedAtMs = lookup.cachedAtMs ?? tools.clock.now().getTime();
  tools.onChange(lookup);
}
