export { caseProblems } from "./replay/case-problems.ts";
export { readCases } from "./replay/fixture.ts";
export { missingCases } from "./replay/missing-cases.ts";
export { openReplay, type Replay } from "./replay/replay.ts";
export { openSandboxes } from "./sandboxes.ts";
export { readSource, sourceFolders, wholeSource } from "./source-folder.ts";
