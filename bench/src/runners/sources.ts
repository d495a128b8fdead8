import { createHash } from "node:crypto";
import type { CodeUnit } from "@assay/runner-common";

export type Language = "JAVASCRIPT" | "PYTHON";

export function unitOf(sourceId: string, code: string): CodeUnit {
  return { sourceId, code, codeHash: createHash("sha256").update(code).digest("hex") };
}

const quick: Record<Language, string> = {
  JAVASCRIPT: "export const fetchData = ({ data }) => ({ data: { seen: data, length: data.length } });",
  PYTHON:
    'def fetch_data(indicator, context):\n    return {"data": {"seen": indicator.data, "length": len(indicator.data)}}',
};
const comment: Record<Language, string> = { JAVASCRIPT: "//", PYTHON: "#" };

/** A source that answers at once; each number has code of its own. */
export function quickSource(language: Language, n: number): CodeUnit {
  return unitOf(`quick ${n}`, `${quick[language]}\n${comment[language]} ${n}`);
}

/** Only a kill of its process ends it. */
export const spinning: Record<Language, CodeUnit> = {
  JAVASCRIPT: unitOf(
    "spinning",
    "export function fetchData() { const bytes = new Uint8Array(50e6); for (;;) bytes.fill(1); }",
  ),
  PYTHON: unitOf("spinning", "def fetch_data(indicator, context):\n    while True:\n        pass"),
};

export const slowMs = 500;
export const slow: Record<Language, CodeUnit> = {
  JAVASCRIPT: unitOf(
    "slow",
    `export const fetchData = () => new Promise((resolve) => setTimeout(() => resolve({}), ${slowMs}));`,
  ),
  PYTHON: unitOf(
    "slow",
    `import time\ndef fetch_data(indicator, context):\n    time.sleep(${slowMs / 1000})\n    return {}`,
  ),
};

export const computingMs = 200;
/** Heavy and honest: about so much time of a processor for each answer. */
export const computing: Record<Language, CodeUnit> = {
  JAVASCRIPT: unitOf(
    "computing",
    `export function fetchData() { for (let n = 0; n < ${computingMs * 160_000}; n++); return {}; }`,
  ),
  PYTHON: unitOf(
    "computing",
    `import time\ndef fetch_data(indicator, context):\n    end = time.process_time() + ${computingMs / 1000}\n    while time.process_time() < end: pass\n    return {}`,
  ),
};

/** What hostile sources do to their machine, one of each kind; all of them are in the conformance cases. */
export const attacks: Record<Language, readonly CodeUnit[]> = {
  JAVASCRIPT: Object.entries({
    "endless loop": "for (;;);",
    "loop that no timeout stops": "const bytes = new Uint8Array(50e6); for (;;) bytes.fill(1);",
    "memory bomb": "const all = []; for (;;) all.push(new Array(1000).fill({}));",
    "flood of log lines": "for (let n = 0; n < 1e6; n++) console.log('x'.repeat(2000)); return {};",
    "huge result": "return { data: 'x'.repeat(50e6) };",
    "bursts of 30 ms": "for (let n = 0; n < 30 * 160_000; n++); return {};",
    "bursts of 8 ms": "for (let n = 0; n < 8 * 160_000; n++); return {};",
  }).map(([name, body]) => unitOf(name, `export async function fetchData() { ${body} }`)),
  PYTHON: Object.entries({
    "endless loop": "while True: pass",
    "memory bomb": "a = []\n    while True: a.append(bytearray(1 << 20))",
    "fork bomb": "import os\n    while True:\n        try: os.fork()\n        except OSError: pass",
    "flood of log lines": "for n in range(10**6): print('x' * 2000)",
    "huge result": "return {'data': 'x' * 50_000_000}",
    "bursts of 30 ms":
      "import time\n    end = time.process_time() + 0.03\n    while time.process_time() < end: pass\n    return {}",
    "bursts of 8 ms":
      "import time\n    end = time.process_time() + 0.008\n    while time.process_time() < end: pass\n    return {}",
  }).map(([name, body]) => unitOf(name, `def fetch_data(indicator, context):\n    ${body}`)),
};
