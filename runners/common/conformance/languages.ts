import type { Language } from "./conformance-case.ts";

/** What the harness has to know of a language. */
export interface LanguageTraits {
  /** Of the runner with these sources beside every attack; each answers only when nothing of another source reaches it. */
  readonly bystanders: readonly string[];
  /** What a bystander's answer must be. */
  readonly bystanderJson: string;
  /** A source that does nothing. */
  readonly calmCode: string;
  /** Processes of one sandbox at rest, its own and those that it keeps ready. */
  readonly processesPerSandboxMax: number;
  /** Resident memory that all sandboxes may have more than before the first attack, in bytes: for caches and heaps that only grow. */
  readonly sandboxGrowthBytesMax: number;
}

const mebibyte = 1024 ** 2;

const javascriptBystander = (wait: string): string => `
export async function fetchData() {
  ${wait}
  return { clean: globalThis.left === undefined && [].left === undefined && ({}).left === undefined };
}`;

const pythonBystander = (wait: string): string => `
import builtins, os, sys, time
def fetch_data(indicator, context):
    ${wait}
    return {"clean": os.listdir(os.environ["TMPDIR"]) == [] and not hasattr(builtins, "left") and "left" not in sys.modules}
`;

/** By language. One bystander answers at once; the other waits, so that something of it is under way whenever a sandbox dies. */
export const languageTraits: Readonly<Record<Language, LanguageTraits>> = {
  JAVASCRIPT: {
    bystanders: [
      javascriptBystander(""),
      javascriptBystander("await new Promise((resolve) => setTimeout(resolve, 100));"),
    ],
    bystanderJson: '{"clean":true}',
    calmCode: "export async function fetchData() { return { calm: true }; }",
    // Bubblewrap, or the supervisor behind Landlock, and the host.
    processesPerSandboxMax: 2,
    sandboxGrowthBytesMax: 3 * 128 * mebibyte,
  },
  PYTHON: {
    bystanders: [pythonBystander("pass"), pythonBystander("time.sleep(0.1)")],
    bystanderJson: '{"clean":true}',
    calmCode: 'def fetch_data(indicator, context):\n    return {"calm": True}\n',
    // The same, the interpreter that holds the source, four forks of it that wait for calls.
    processesPerSandboxMax: 6,
    sandboxGrowthBytesMax: 64 * mebibyte,
  },
};
