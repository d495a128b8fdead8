import type { ConformanceCase } from "./conformance-case.ts";
import { answering, failing, type Ending } from "./endings.ts";

const calm =
  "export function fetchData(indicator) { return indicator.data === 'attack' ? { fine: true } : { calm: true }; }";
const isCode = "code is a module of its own; nothing is wrapped around its text";

type CodeRow = Omit<ConformanceCase, "code" | keyof Ending> & { readonly code: string; readonly ending: Ending };

const rows: readonly CodeRow[] = [
  {
    id: "J39",
    name: "code of 5 MB",
    code: `${calm}//${"x".repeat(5e6)}`,
    isBroken: true,
    ending: {
      expected: ["INVALID_ARGUMENT"],
      timeoutMs: 2_000,
      happens: "not taken",
      heldBy: "length of code, 1 MiB",
    },
  },
  {
    id: "J39b",
    name: "fifty thousand functions",
    code: Array.from({ length: 50_000 }, (_, index) => `function f${index}(){}`).join("\n") + calm,
    ending: answering({ fine: true }, "runs", "memory of the isolate"),
  },
  {
    id: "J39c",
    name: "syntax error",
    code: "export function fetchData( {",
    isBroken: true,
    ending: failing(/SyntaxError/, "the compiler's words, with line and column", "compiled inside the sandbox"),
  },
  {
    id: "J39d",
    name: "100,000 brackets in the code",
    code: `${calm}\nconst x = ${"[".repeat(1e5)}${"]".repeat(1e5)};`,
    isBroken: true,
    ending: {
      ...failing(/./, "the compiler gives up", "compiled inside the sandbox"),
      expected: ["SOURCE_ERROR", "SANDBOX_LIMIT"],
      timeoutMs: 10_000,
    },
  },
  { id: "J39e", name: "byte order mark", code: `\ufeff${calm}`, ending: answering({ fine: true }, "runs", isCode) },
  {
    id: "J39f",
    name: "hashbang",
    code: `#!/usr/bin/env node\n${calm}`,
    ending: answering({ fine: true }, "runs", isCode),
  },
  {
    id: "J39g",
    name: "ends of comments, templates and functions that a wrapper might have",
    code: `*/ \${process.exit()} \`})(); }); process.exit();\n${calm}`,
    isBroken: true,
    ending: failing(/SyntaxError/, "the compiler's words, with line and column", isCode),
  },
  {
    id: "J39h",
    name: "imports the runner's own modules",
    code: `import "assay:entry";\n${calm}`,
    isBroken: true,
    ending: failing(/cannot be imported/, "refused", isCode),
  },
];

/** Attacks by the text of the code, on the compiler and on what might be around it. */
export const codeCases: readonly ConformanceCase[] = rows.map(({ code, ending, ...row }) => {
  return { ...row, ...ending, code: { JAVASCRIPT: code } };
});
