import {
  fenceArch,
  leafSeccompFilter,
  ownPidPlaceholder,
  sandboxLimits,
  spawnFenced,
  type CodeUnit,
  type Diagnostic,
  type Efforts,
  type Fence,
  type SandboxCall,
  type SandboxOutcome,
} from "@assay/runner-common";
import { join } from "node:path";
import { createFlights, loadingTimedOut, type Flights } from "./flights.ts";
import { createFrameDecoder, encodeFrame, frameKind } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { endDiagnostics, readDiagnostics } from "./outcome.ts";
import type { PythonLimits } from "./python-limits.ts";

const sandboxFolder = join(import.meta.dirname, "../sandbox");
const insideFolder = "/runner";
const stderrCharsMax = 4000;

/** The sandbox of one version of one source: a process that holds it compiled, and children waiting for calls. */
export interface WarmSource {
  readonly unit: CodeUnit;
  /** What the compiler and the first loading said. Never rejects. */
  readonly diagnostics: Promise<Diagnostic[]>;
  /** "lost": the sandbox ended, and this call was not the reason; it may be tried in another one. Never rejects. */
  readonly run: (call: SandboxCall) => Promise<SandboxOutcome | "lost">;
  /** Whether it is loaded and has no call under way or waiting. */
  readonly isIdle: () => boolean;
  /** Whether it has a lower priority, for good. */
  readonly isLow: () => boolean;
  /** Whether it takes no more calls. */
  readonly isGone: () => boolean;
  /** No new calls; ends when it is idle. */
  readonly retire: () => void;
  /** Ends everything at once. Resolves when no process is left. */
  readonly kill: () => Promise<void>;
}

export interface WarmSourceOptions {
  readonly fence: Fence;
  readonly interpreter: Interpreter;
  readonly unit: CodeUnit;
  readonly limits: PythonLimits;
  /** Told what it uses of the processor; a heavy source gets a lower priority. */
  readonly efforts: Efforts;
  /** Told once, when no process is left; `stderr` holds what the zygote itself complained about. */
  readonly onGone: (stderr: string) => void;
}

function spawnZygote({ fence, interpreter, limits }: WarmSourceOptions): ReturnType<typeof spawnFenced> {
  const { addressSpaceBytes, processes, openFiles, tmpBytes } = limits;
  return spawnFenced(fence, {
    command: [interpreter.path, "-I", "-S", "-B", `${insideFolder}/assay_sandbox/zygote.py`],
    readOnlyPaths: [
      { host: sandboxFolder, inside: insideFolder },
      ...interpreter.paths.map((path) => ({ host: path, inside: path })),
    ],
    tmpBytes,
    // An arena per thread would take 64 MiB of the address space each.
    env: { MALLOC_ARENA_MAX: "1" },
    limits: { addressSpaceBytes, processes, openFiles, fileBytes: tmpBytes },
    forks: true,
  });
}

function initFrame({ interpreter, unit, limits }: WarmSourceOptions): Buffer {
  const init = {
    code: unit.code,
    libraries: interpreter.libraryFolders,
    leafFilter: leafSeccompFilter(fenceArch()).toString("hex"),
    ownPidPlaceholder,
    cpuSecondsMax: limits.cpuSecondsMax,
    resultBytesMax: sandboxLimits.resultBytesMax,
  };
  return encodeFrame(frameKind.init, 0, JSON.stringify(init));
}

/** Starts the sandbox of a source. The source is compiled, its libraries imported, and it is loaded once, all inside. */
export function openWarmSource(options: WarmSourceOptions): WarmSource {
  const { limits, efforts } = options;
  const { sourceId } = options.unit;
  const child = spawnZygote(options);
  const diagnosed = Promise.withResolvers<Diagnostic[]>();
  let isDiagnosed = false;
  let isGone = false;
  let isRetired = false;
  let isLow = false;
  let stderr = "";

  const isIdle = (): boolean => isDiagnosed && flights.count() === 0;
  function endIfRetired(): void {
    if (isRetired && isIdle()) child.kill();
  }
  const flights: Flights = createFlights({
    limits,
    send: (kind, call, payload) => child.channel.write(encodeFrame(kind, call, payload)),
    diagnostics: diagnosed.promise,
    killSandbox: child.kill,
    isLow: () => isLow,
    onEmpty: endIfRetired,
  });

  function diagnose(diagnostics: Diagnostic[]): void {
    isDiagnosed = true;
    // Not before: nobody's patience is to run out while the interpreter starts.
    lowerIfHeavy();
    clearTimeout(loadTimer);
    diagnosed.resolve(diagnostics);
    endIfRetired();
  }
  const explain = (message: string): void => diagnose([{ severity: "error", message, line: 0, column: 0 }]);
  const loadTimer = setTimeout(() => {
    explain(`Loading the source took longer than ${limits.loadTimeoutMs / 1000} s.`);
    flights.blame(loadingTimedOut(limits.loadTimeoutMs));
    child.kill();
  }, limits.loadTimeoutMs);

  function lowerIfHeavy(): void {
    if (isLow || !efforts.isHeavy(sourceId)) return;
    isLow = true;
    child.lower();
  }

  const decode = createFrameDecoder(limits.frameBytesMax + 64, (frame) => {
    if (frame.kind === frameKind.spent) {
      efforts.see(sourceId, frame.payload.readUInt32BE(0));
      lowerIfHeavy();
    } else if (frame.kind === frameKind.used) efforts.add(sourceId, frame.payload.readUInt32BE(0));
    else if (frame.call !== 0) flights.hear(frame);
    else
      diagnose(frame.kind === frameKind.ended ? endDiagnostics(frame.payload, limits) : readDiagnostics(frame.payload));
  });
  child.channel.on("data", (bytes: Buffer) => {
    try {
      decode(bytes);
    } catch {
      child.kill();
    }
  });
  child.stdout.resume();
  child.stderr.on("data", (bytes: Buffer) => {
    if (stderr.length < stderrCharsMax) stderr += bytes.toString("utf8");
  });
  async function watchEnd(): Promise<void> {
    const { error } = await child.exited;
    isGone = true;
    explain("The sandbox ended while the source was loaded: it ran out of memory, or the interpreter crashed.");
    flights.end();
    options.onGone(error === undefined ? stderr.slice(0, stderrCharsMax) : error.message);
  }
  const ended = watchEnd();
  child.channel.write(initFrame(options));

  return {
    unit: options.unit,
    diagnostics: diagnosed.promise,
    run: (call) => (isGone || isRetired ? Promise.resolve("lost") : flights.start(call)),
    isIdle,
    isLow: () => isLow,
    isGone: () => isGone || isRetired,
    retire() {
      isRetired = true;
      endIfRetired();
    },
    kill() {
      isRetired = true;
      child.kill();
      return ended;
    },
  };
}
