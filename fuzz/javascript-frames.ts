import { sandboxLimits } from "@assay/runner-common";
import fc, { type Arbitrary } from "fast-check";
import { createFrameReader, encodeFrame, frameTypes, resultStatus } from "../runners/javascript/sandbox/frames.js";
import { answerOf, diagnosticsOf, readLogLevel } from "../runners/javascript/src/host-answer.ts";
import { changed, changes, chunksOf, cuts, jsonWith, largeResult, rarely, resultText } from "./frame-arbitrary.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { checkDiagnostics, checkOutcome } from "./outcome-check.ts";

const problemText = jsonWith({
  code: fc.constantFrom("TIMEOUT", "SANDBOX_LIMIT", "SOURCE_ERROR", "EGRESS_DENIED", "RATE_LIMITED", "INTERNAL", "OK"),
  message: fc.string({ unit: "binary", maxLength: 30 }),
  line: fc.nat(),
  column: fc.nat(),
  host: fc.constantFrom("a.test", "h".repeat(1001)),
  retryAfterMs: fc.nat(),
  status: fc.nat(),
  limit: fc.constantFrom("cpu", "memory", "none"),
});
const diagnosticText = fc
  .array(
    jsonWith({
      severity: fc.constantFrom("error", "warning", "note"),
      message: fc.string(),
      line: fc.nat(),
      column: fc.nat(),
    }),
    { maxLength: 3 },
  )
  .map((texts) => `[${texts.join(",")}]`);

/** A frame of a host, well formed as a frame and hostile in what it says. `id` is a call's, mostly the first. */
export const hostFrame: Arbitrary<Buffer> = fc
  .record({
    type: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(frameTypes.result, frameTypes.result, frameTypes.checked) },
      { weight: 3, arbitrary: fc.constantFrom(...Object.values(frameTypes)) },
      { weight: 1, arbitrary: fc.nat(255) },
    ),
    id: fc.constantFrom(1, 1, 1, 2, 2, 0, 0xffff_ffff),
    numbers: fc.array(fc.oneof(fc.constantFrom(...Object.values(resultStatus)), fc.constantFrom(4, 0xffff_ffff)), {
      maxLength: 2,
    }),
    text: fc.oneof(problemText, diagnosticText, resultText),
  })
  .map(({ type, id, numbers, text }) => encodeFrame(type, id, text, ...numbers));

const bytesMax = 4096;

interface Read {
  readonly frames: string[];
  readonly isSound: boolean;
}

/** What the bytes hold by the definition in frames.js, read in one piece. */
function readAtOnce(bytes: Buffer): Read {
  const frames: string[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    if (length < 5 || length > bytesMax) return { frames, isSound: false };
    if (at + 4 + length > bytes.length) break;
    frames.push(bytes.toString("hex", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { frames, isSound: true };
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  const frames = fc.array(hostFrame, { minLength: 1, maxLength: 4 });
  const large = rarely(largeResult(sandboxLimits.resultBytesMax));
  const property = fc.asyncProperty(
    fc.record({ frames, changes, cuts, large }),
    async ({ frames, changes, cuts, large }) => {
      if (large !== null) checkOutcome(answerOf(resultStatus.returned, large));
      const bytes = changed(Buffer.concat(frames), changes);
      const seen: string[] = [];
      const payloads: Buffer[] = [];
      const read = createFrameReader(bytesMax, (type, id, payload) => {
        const head = Buffer.alloc(5);
        head[0] = type;
        head.writeUInt32LE(id, 1);
        seen.push(head.toString("hex") + payload.toString("hex"));
        payloads.push(payload);
      });
      const isSound = chunksOf({ bytes, cuts }).every((chunk) => read(chunk));
      const expected = readAtOnce(bytes);
      if (isSound !== expected.isSound || seen.join(" ") !== expected.frames.join(" "))
        fault(`read as ${isSound}: ${seen.join(" ")}, not ${expected.isSound}: ${expected.frames.join(" ")}`);
      for (const payload of payloads) {
        if (payload.length >= 4) {
          const outcome = answerOf(payload.readUInt32LE(0), payload.subarray(4));
          checkOutcome(outcome);
          counts.add(outcome.kind === "failed" ? `failed as ${outcome.problem.code}` : outcome.kind);
          if (!["debug", "info", "warn", "error"].includes(readLogLevel(payload.readUInt32LE(0)))) fault("a level");
        }
        for (const status of [...Object.values(resultStatus), 4]) checkOutcome(answerOf(status, payload));
        checkDiagnosticsOf(payload);
      }
      if (!isSound) counts.add("not frames");
    },
  );
  return { property: property as OpenTarget["property"], counts, close: async () => {} };
}

function checkDiagnosticsOf(payload: Buffer): void {
  let diagnostics;
  try {
    diagnostics = diagnosticsOf(payload);
  } catch {
    // Its caller kills the host.
    return;
  }
  checkDiagnostics(diagnostics);
}

export const javascriptFrames: FuzzTarget = {
  name: "javascript-frames",
  about:
    "frames of a host, broken and cut anywhere → the runner's frame reader and what it makes of results, problems and diagnostics; no process",
  share: 17_000,
  open,
};
