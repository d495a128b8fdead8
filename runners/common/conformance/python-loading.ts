import { failing, type Ending } from "./endings.ts";
import type { Row } from "./python-code.ts";

const inside = "compiled inside the sandbox";
const uncompiled = (message: RegExp): Ending & { isBroken: true } => {
  return {
    ...failing(message, "the compiler's words, or how its process ended", inside),
    timeoutMs: 10_000,
    isBroken: true,
  };
};

/** Attacks before the call: on the compiler, and while the source is loaded. */
export const loadingRows: readonly Row[] = [
  {
    id: "Y33",
    name: "brackets without end",
    code: `x = ${"(".repeat(100_000)}`,
    ...uncompiled(/SyntaxError|MemoryError|RecursionError/),
  },
  {
    id: "Y33b",
    name: "an expression of 300,000 signs",
    code: `x = ${"-".repeat(300_000)}1`,
    ...uncompiled(/Error|ended/),
  },
  {
    ...{ id: "Y33c", name: "constant that grows at compile time", ...uncompiled(/MemoryError|OverflowError/) },
    code: `x = ("a" * 4000) * (10 ** 10)\n`,
  },
  { id: "Y33d", name: "dies while it is loaded", code: "import os\nos.abort()\n", ...uncompiled(/SIGABRT/) },
  {
    ...{ id: "Y33e", name: "code of 5 MB", isBroken: true, timeoutMs: 2_000, expected: ["INVALID_ARGUMENT"] },
    ...{ code: `x = 1  #${"x".repeat(5e6)}`, happens: "not taken", heldBy: "length of code, 1 MiB" },
  },
];
