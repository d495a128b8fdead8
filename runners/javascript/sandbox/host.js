// The process in which isolates live. It is itself fenced: no network, no files but these, nothing of the runner in it.
// It is told what to do over file descriptor 3 and believes none of what an isolate says.
import { Socket } from "node:net";
import { createCpuMeter } from "./cpu-meter.js";
import { createFrameReader, createFrameWriter, encodeFrame, frameTypes } from "./frames.js";
import { callsPerHostMax, hostPeakMb, isolateIdleMs, tellEveryMs, tellSpentMs } from "./limits.js";
import { startSourceCall } from "./source-call.js";
import { CompileProblem, createSourceIsolate } from "./source-isolate.js";

const nativeModule = { exports: {} };
process.dlopen(nativeModule, process.argv[2]);
const { ivm } = nativeModule.exports;

const frameBytesMax = 16 * 1024 * 1024;
const channel = new Socket({ fd: 3 });
const send = createFrameWriter((bytes) => channel.write(bytes));

/** @type {Map<number, { code: string, isolate?: ReturnType<typeof createSourceIsolate> }>} */
const units = new Map();
/** @type {Map<number, ReturnType<typeof startSourceCall>>} */
const calls = new Map();
const meter = createCpuMeter();
let callsEnded = 0;
let telling;

function tellCpu(type, callId, cpuMs) {
  send(encodeFrame(type, callId, "", Math.min(0xffff_ffff, Math.max(0, Math.round(cpuMs * 1000)))));
}

/** The runner judges sources by it, and those that go on and on while they do. */
function tellOfLong() {
  meter.settle();
  for (const [callId, call] of calls) if (call.cpuMs() >= tellSpentMs) tellCpu(frameTypes.spent, callId, call.cpuMs());
  if (calls.size > 0) return;
  clearInterval(telling);
  telling = undefined;
}

function isolateOf(unitId) {
  const unit = units.get(unitId);
  if (unit === undefined) throw new Error(`unit ${unitId} was never loaded`);
  if (unit.isolate === undefined || unit.isolate.isRetired) {
    const onPoisoned = () => send(encodeFrame(frameTypes.poisoned, unitId));
    unit.isolate = createSourceIsolate({ ivm, code: unit.code, meter, onPoisoned });
  }
  return unit.isolate;
}

function checkWear() {
  callsEnded += 1;
  if (callsEnded % 500 !== 0) return;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  if (callsEnded >= callsPerHostMax || peakMb > hostPeakMb) send(encodeFrame(frameTypes.worn, peakMb));
}

function run(callId, payload) {
  const isolate = isolateOf(payload.readUInt32LE(0));
  const call = startSourceCall({
    isolate,
    timeoutMs: payload.readUInt32LE(4),
    input: payload.toString("utf8", 8),
    onEgress: (requestId, json) => send(encodeFrame(frameTypes.egress, callId, json, requestId)),
    onLog: (level, text) => send(encodeFrame(frameTypes.log, callId, text, level)),
    onEnd(status, json, cpuMs) {
      calls.delete(callId);
      tellCpu(frameTypes.used, callId, cpuMs);
      send(encodeFrame(frameTypes.result, callId, json, status));
      checkWear();
    },
  });
  calls.set(callId, call);
  telling ??= setInterval(tellOfLong, tellEveryMs);
}

function check(callId, unitId) {
  const isolate = isolateOf(unitId);
  isolate.exclusive(() => {
    let diagnostics = [];
    try {
      isolate.keep(isolate.take());
    } catch (error) {
      const { message, line, column } =
        error instanceof CompileProblem ? error : new CompileProblem("The isolate failed.");
      diagnostics = [{ severity: "error", message, line, column }];
      isolate.retire();
    }
    send(encodeFrame(frameTypes.checked, callId, JSON.stringify(diagnostics)));
  });
}

/** @type {Record<number, (id: number, payload: Buffer) => void>} */
const handlers = {
  [frameTypes.load]: (unitId, payload) => units.set(unitId, { code: payload.toString("utf8") }),
  [frameTypes.drop](unitId) {
    units.get(unitId)?.isolate?.retire();
    units.delete(unitId);
  },
  [frameTypes.run]: run,
  [frameTypes.reply]: (callId, payload) =>
    calls.get(callId)?.reply(payload.readUInt32LE(0), payload.toString("utf8", 4)),
  [frameTypes.cancel]: (callId) => calls.get(callId)?.cancel(),
  [frameTypes.check]: (callId, payload) => check(callId, payload.readUInt32LE(0)),
};

setInterval(() => {
  for (const unit of units.values()) {
    if (unit.isolate === undefined || unit.isolate.idleMs < isolateIdleMs) continue;
    unit.isolate.retire();
    unit.isolate = undefined;
  }
}, isolateIdleMs / 10);
// A callback of a disposed isolate may reject late; nothing that matters waits for it.
process.on("unhandledRejection", () => {});
const read = createFrameReader(frameBytesMax, (type, id, payload) => handlers[type]?.(id, payload));
channel.on("data", (chunk) => {
  if (!read(chunk)) process.exit(1);
});
// The runner is gone. Isolates may hold threads that do not end by themselves.
channel.on("close", () => process.reallyExit(0));
channel.on("error", () => process.reallyExit(0));
send(encodeFrame(frameTypes.ready, 0));
