// One isolate: one source's code, never another's. A fresh context for every call; one is made ahead while nothing runs.
import { bootLimits, callsPerIsolateMax, isolateMemoryMb, postedCharsMax, postsMax } from "./limits.js";
import { readBootScript } from "./boot-script.js";
import { ownMs } from "./cpu-meter.js";
import { answerQuestion } from "./sync-questions.js";

const bootScript = readBootScript();
const entryModule = 'import { fetchData } from "source"; globalThis["assay:start"](fetchData);';
let bootCache;

/** Why code cannot run; `line` and `column` are the author's, 0 where unknown. */
export class CompileProblem extends Error {
  constructor(message, line = 0, column = 0) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

function compileProblem(error) {
  // isolated-vm puts the place at the end: "Unexpected token '}' [source:3:14]"; where V8 knows none, its own name and zeros.
  const place = / \[(?:source|<isolated-vm>):(\d+):(\d+)\]$/.exec(error.message);
  const message = place === null ? error.message : error.message.slice(0, place.index);
  return new CompileProblem(
    `${error.name}: ${message}`.slice(0, bootLimits.problemMessageCharsMax),
    Number(place?.[1] ?? 0),
    Number(place?.[2] ?? 0),
  );
}

function importProblem(code, specifier) {
  const at = code.search(new RegExp(`["']${specifier.replace(/[^\w-]/g, "\\$&")}["']`));
  const before = at < 0 ? "" : code.slice(0, at);
  const message = `"${specifier.slice(0, 200)}" cannot be imported: a source is one file, and what it needs comes with the context.`;
  if (at < 0) return new CompileProblem(message);
  return new CompileProblem(message, before.split("\n").length, at - before.lastIndexOf("\n"));
}

/** @param {{ ivm: any, code: string, meter: ReturnType<typeof import("./cpu-meter.js").createCpuMeter>, onPoisoned: () => void }} options */
export function createSourceIsolate({ ivm, code, meter, onPoisoned }) {
  const isolate = new ivm.Isolate({ memoryLimit: isolateMemoryMb, onCatastrophicError: onPoisoned });
  const options = { filename: "assay:boot" };
  const boot = isolate.compileScriptSync(
    bootScript,
    bootCache === undefined ? { ...options, produceCachedData: true } : { ...options, cachedData: bootCache },
  );
  bootCache ??= boot.cachedData;
  /** Of the call whose code runs now. */
  let account;
  function answer(name, json) {
    const startedMs = ownMs();
    const text = answerQuestion(name, json);
    if (account !== undefined) account.cpuMs += ownMs() - startedMs;
    return text;
  }
  const ask = new ivm.Callback(answer, { sync: true });

  /** @type {(() => Promise<void> | void)[]} */
  const waiting = [];
  let isBusy = false;
  let isRetired = false;
  let wasStopped = false;
  let users = 0;
  let taken = 0;
  let lastUsedAt = performance.now();
  let spare;

  function compile(context) {
    let source;
    try {
      source = isolate.compileModuleSync(code, { filename: "source" });
    } catch (error) {
      throw compileProblem(error);
    }
    const [imported] = source.dependencySpecifiers;
    if (imported !== undefined) throw importProblem(code, imported);
    const entry = isolate.compileModuleSync(entryModule, { filename: "assay:entry" });
    try {
      entry.instantiateSync(context, () => source);
    } catch {
      throw new CompileProblem("fetchData is not exported: export async function fetchData(indicator, context) { … }");
    }
    return { source, entry };
  }

  /** A context in which nothing of the source has run yet. Only while the isolate is idle: this blocks the host. */
  function prepare() {
    const context = isolate.createContextSync();
    let posts = 0;
    let chars = 0;
    const prepared = { context, receive: undefined };
    const post = new ivm.Callback(
      (kind, id, text) => {
        posts += 1;
        chars += text.length;
        if (posts <= postsMax && chars <= postedCharsMax) prepared.receive?.(kind, id, text);
      },
      { ignored: true },
    );
    const make = boot.runSync(context, { reference: true });
    const enter = make.applySync(undefined, [post, ask], { result: { reference: true } });
    make.release();
    return Object.assign(prepared, { enter, ...compile(context) });
  }

  async function next() {
    isBusy = true;
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      // What a task throws is about its own call, whose clock ends it; the next one must have its turn.
      await Promise.try(task).catch(() => {});
    }
    isBusy = false;
    if (isRetired || isolate.isDisposed || spare !== undefined) return;
    setImmediate(() => {
      if (isBusy || isRetired || isolate.isDisposed || spare !== undefined) return;
      try {
        spare = prepare();
      } catch {
        // The next call says why.
      }
    });
  }

  return {
    get isDisposed() {
      return isolate.isDisposed;
    },
    get isRetired() {
      return isRetired || isolate.isDisposed;
    },
    /** It was ended for one of its calls, not for its memory. */
    get wasStopped() {
      return wasStopped;
    },
    /** Runs tasks one after the other: V8 runs one thread per isolate anyway, and so it is known which call is running. */
    exclusive(task) {
      waiting.push(task);
      if (!isBusy) void next();
    },
    /**
     * A prepared context, to be given back by `release`.
     * @throws CompileProblem
     */
    take() {
      const prepared = spare ?? prepare();
      spare = undefined;
      taken += 1;
      if (taken >= callsPerIsolateMax) isRetired = true;
      return prepared;
    },
    release({ context, enter, source, entry }) {
      for (const handle of [enter, entry, source, context]) handle.release();
    },
    /** Keeps a prepared context for the next call. */
    keep(prepared) {
      spare = prepared;
    },
    enterUse() {
      users += 1;
    },
    leaveUse() {
      users -= 1;
      lastUsedAt = performance.now();
      if (users === 0 && isRetired && !isolate.isDisposed) isolate.dispose();
    },
    /** From now on the call with this account pays for what is used of the processor, until it leaves. */
    charge(next) {
      account = next;
      meter.enter(account);
    },
    discharge() {
      if (account !== undefined) meter.leave(account);
      account = undefined;
    },
    /** Milliseconds since its last call ended; 0 while one is under way. */
    get idleMs() {
      return users > 0 ? 0 : performance.now() - lastUsedAt;
    },
    /** No new call gets this isolate; it goes when its last call has ended. */
    retire() {
      isRetired = true;
      if (users === 0 && !isolate.isDisposed) isolate.dispose();
    },
    /** Ends whatever runs in it. */
    stop() {
      isRetired = true;
      wasStopped = true;
      if (!isolate.isDisposed) isolate.dispose();
    },
  };
}
