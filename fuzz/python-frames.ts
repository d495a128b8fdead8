import { sandboxLimits, type SandboxCall, type SandboxOutcome } from "@assay/runner-common";
import fc, { type Arbitrary } from "fast-check";
import { createFlights } from "../runners/python/src/flights.ts";
import { createFrameDecoder, encodeFrame, frameKind, type Frame } from "../runners/python/src/frames.ts";
import { answerOutcome, endDiagnostics, readDiagnostics } from "../runners/python/src/outcome.ts";
import { pythonLimits } from "../runners/python/src/python-limits.ts";
import { checkResult } from "../runners/python/src/result-json.ts";
import { changed, changes, chunksOf, cuts, jsonWith, largeResult, rarely, resultText } from "./frame-arbitrary.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { checkDiagnostics, checkOutcome, checkWellFormed } from "./outcome-check.ts";

const what = fc.constantFrom(
  "error",
  "badResponse",
  "memory",
  "egress",
  "status",
  "rateLimited",
  "unauthorized",
  "nothing",
);
const problemText = jsonWith({
  ...{ what, message: fc.string({ unit: "binary", maxLength: 30 }), line: fc.nat(), requestId: fc.constantFrom(1, 2) },
  ...{ status: fc.constantFrom(401, 403, 429, 500), retryAfterMs: fc.double() },
});
const endText = jsonWith({
  ...{ code: fc.constantFrom(-9, -24, 1, -1000), cpuMs: fc.nat(), limit: fc.constantFrom("files", "requests", "none") },
  protocol: fc.string(),
});
const diagnosticText = fc
  .array(
    jsonWith({ severity: fc.constantFrom("error", "warning"), message: fc.string(), line: fc.nat(), column: fc.nat() }),
    {
      maxLength: 120,
    },
  )
  .map((texts) => `[${texts.join(",")}]`);
const answerText = fc.oneof(
  problemText.map((text) => `p${text}`),
  resultText.map((text) => `r${text}`),
  fc.constantFrom("n", "nx", "", "q"),
);
const egressText = fc.constantFrom("", "\0\0\0", '\0\0\0\u0001{"op":"http"}', "\0\0\0\u0002x");
const logText = fc
  .tuple(fc.constantFrom("d", "i", "w", "e", "x", ""), fc.string({ unit: "binary" }))
  .map((parts) => parts.join(""));

const sandboxFrame: Arbitrary<Buffer> = fc
  .record({
    kind: fc.oneof(fc.constantFrom(...Object.values(frameKind), "S", "A", "A"), fc.constantFrom("\0", "z", "é")),
    call: fc.constantFrom(1, 1, 2, 3, 0, 4, 0xffff_ffff),
    text: fc.oneof(answerText, endText, diagnosticText, egressText, logText),
  })
  .map(({ kind, call, text }) => encodeFrame(kind, call, text));

const frameBytesMax = 8192;
const callCount = 3;
const smallResultBytesMax = 100;

/** What the bytes hold by the definition in frames.ts, read in one piece. */
function readAtOnce(bytes: Buffer): { readonly frames: string[]; readonly isSound: boolean } {
  const frames: string[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length < 5 || length > frameBytesMax) return { frames, isSound: false };
    if (at + 4 + length > bytes.length) break;
    frames.push(bytes.toString("hex", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { frames, isSound: true };
}

function hexOf({ kind, call, payload }: Frame): string {
  const head = Buffer.alloc(5);
  head.write(kind, "latin1");
  head.writeUInt32BE(call, 1);
  return head.toString("hex") + payload.toString("hex");
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  const reply = fc.constantFrom(
    '{"ok":true,"status":200}',
    '{"ok":false,"code":"EGRESS_DENIED","message":"no","host":"a.test"}',
    '{"ok":false,"code":"TIMEOUT","message":"late"}',
  );
  const arbitrary = fc.record({
    ...{ frames: fc.array(sandboxFrame, { minLength: 1, maxLength: 8 }), changes, cuts, reply, text: resultText },
    ...{ cancelled: fc.boolean(), large: rarely(largeResult(sandboxLimits.resultBytesMax)) },
  });
  const property = fc.asyncProperty(arbitrary, async ({ frames, changes, cuts, reply, text, cancelled, large }) => {
    const bytes = changed(Buffer.concat(frames), changes);
    const seen: string[] = [];
    const canceller = new AbortController();
    let isKilled = false;
    const flights = createFlights({
      limits: { ...pythonLimits, callsAtOnceMax: 2 },
      send: () => {},
      diagnostics: Promise.resolve([]),
      killSandbox: () => (isKilled = true),
      isLow: () => false,
      onEmpty: () => {},
    });
    const outcomes = Array.from({ length: callCount }, (): Promise<SandboxOutcome | "lost"> => {
      const call: SandboxCall = {
        unit: { sourceId: "s", codeHash: "", code: "" },
        ...{ inputJson: "{}", timeoutMs: 60_000, signal: canceller.signal, onEgress: async () => reply },
        onLog(level, line) {
          if (!["debug", "info", "warn", "error"].includes(level) || typeof line !== "string") fault("a log line");
        },
      };
      return flights.start(call);
    });
    const decode = createFrameDecoder(frameBytesMax, (frame) => {
      seen.push(hexOf(frame));
      if (frame.call !== 0) return flights.hear(frame);
      checkDiagnostics(
        frame.kind === frameKind.ended ? endDiagnostics(frame.payload, pythonLimits) : readDiagnostics(frame.payload),
      );
    });
    let isSound = true;
    for (const chunk of chunksOf({ bytes, cuts })) {
      try {
        decode(chunk);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith("A frame of")) throw error;
        isSound = false;
      }
      // The broker's replies come in between.
      await Promise.resolve();
    }
    if (cancelled) canceller.abort();
    flights.end();
    const expected = readAtOnce(bytes);
    if (isSound !== expected.isSound || seen.join(" ") !== expected.frames.join(" "))
      fault(`read as ${isSound}: ${seen.join(" ")}, not ${expected.isSound}: ${expected.frames.join(" ")}`);
    for (const outcome of await Promise.all(outcomes)) {
      if (outcome !== "lost") {
        checkOutcome(outcome);
        checkWellFormed(outcome);
      }
      counts.add(
        outcome === "lost" ? "lost" : outcome.kind === "failed" ? `failed as ${outcome.problem.code}` : outcome.kind,
      );
    }
    if (flights.count() !== 0) fault("a call is left");
    const small = checkResult(Buffer.from(text), smallResultBytesMax);
    if ("json" in small) {
      checkOutcome({ kind: "returned", json: small.json }, smallResultBytesMax);
      checkWellFormed({ kind: "returned", json: small.json });
    }
    if (large !== null) checkOutcome(answerOutcome(Buffer.concat([Buffer.from("r"), large]), new Map()));
    if (isKilled) counts.add("sandbox killed");
  });
  return { property: property as OpenTarget["property"], counts, close: async () => {} };
}

export const pythonFrames: FuzzTarget = {
  name: "python-frames",
  about:
    "frames of a sandbox, broken and cut anywhere → the decoder, the states of three calls, results, problems, diagnostics; no process",
  share: 16_500,
  open,
};
