import { createEfforts, type CodeUnit, type SandboxCall } from "@assay/runner-common";
import fc from "fast-check";
import { encodeFrame } from "../runners/javascript/sandbox/frames.js";
import { startHost, type HostLoss } from "../runners/javascript/src/host-process.ts";
import { changed, changes } from "./frame-arbitrary.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { hostFrame } from "./javascript-frames.ts";
import { checkDiagnostics, checkOutcome } from "./outcome-check.ts";

const unit: CodeUnit = { sourceId: "s", codeHash: "0".repeat(64), code: "" };
const settledMaxMs = 10_000;

/** Code, call and compilation, as frames: all is read, as what is left unread would cost what was said. */
const heardBytes = [encodeFrame(1, 1, ""), encodeFrame(1, 1, "{}", 1, 20), encodeFrame(1, 1, "", 1)].reduce(
  (sum, frame) => sum + frame.length,
  0,
);

/** A host that is not ours: it hears the code, a call and a compilation, says what it is told to, and ends or falls silent. */
function impostor(bytes: Buffer, ends: boolean): string[] {
  const said = [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
  const script = `head -c ${heardBytes} <&3 >/dev/null; printf '%b' "$1" >&3; ${ends ? "exit 0" : "exec cat <&3 >/dev/null"}`;
  return ["/bin/sh", "-c", script, "sh", said];
}

async function settled<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what} never ends`)), settledMaxMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  const running = new Set<{ kill: () => void; exited: Promise<void> }>();
  const arbitrary = fc.record({
    frames: fc.array(hostFrame, { minLength: 1, maxLength: 4 }),
    changes,
    ends: fc.constantFrom(true, true, true, false),
  });
  const property = fc.asyncProperty(arbitrary, async ({ frames, changes, ends }) => {
    let logLines = 0;
    const host = startHost({
      fence: { kind: "off", inherited: [], close() {} },
      spec: {
        command: impostor(changed(Buffer.concat(frames), changes).subarray(0, 16_384), ends),
        ...{ readOnlyPaths: [], tmpBytes: 0, limits: { openFiles: 64, fileBytes: 0 } },
      },
      ...{ isLow: false, efforts: createEfforts(() => performance.now()), onHeavy: () => host.demote() },
      onExit: () => {},
      onIdleWorn: () => host.kill(),
    });
    running.add(host);
    const call: SandboxCall = {
      ...{ unit, inputJson: "{}", timeoutMs: 20, signal: new AbortController().signal },
      onEgress: async () => '{"ok":false,"code":"EGRESS_DENIED","message":"no"}',
      onLog: () => void (logLines += 1),
    };
    const [outcome, diagnostics] = await Promise.all([
      settled(host.run(call), "the call"),
      settled(host.check(unit, 20), "the compilation"),
    ]);
    host.kill();
    await settled(host.exited, "the host");
    running.delete(host);
    if (outcome.kind === "lost") checkLoss(outcome);
    else checkOutcome(outcome);
    if (Array.isArray(diagnostics)) checkDiagnostics(diagnostics);
    else checkLoss(diagnostics);
    if (logLines > frames.length + 1) fault(`${logLines} log lines`);
    counts.add(outcome.kind);
  });
  return {
    property: property as OpenTarget["property"],
    counts,
    async close() {
      for (const host of running) host.kill();
      await Promise.all([...running].map(({ exited }) => exited));
    },
  };
}

function checkLoss({ kind, reason }: HostLoss): void {
  if (kind !== "lost" || !["overdue", "memory", "crashed", "closed", "stopped"].includes(reason))
    fault(`lost for ${reason}`);
}

export const javascriptHost: FuzzTarget = {
  name: "javascript-host",
  about:
    "the same frames from a real process in the host's place → the supervisor: every call and compilation under way comes to an end",
  share: 500,
  open,
};
