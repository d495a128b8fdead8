import { conformanceCases } from "./cases.ts";
import type { ConformanceCase, Language } from "./conformance-case.ts";

const languageNames: Readonly<Record<Language, string>> = { JAVASCRIPT: "JavaScript", PYTHON: "Python" };
/** Of the list of attacks: on JavaScript, on Python, on the way out. */
const groups: readonly (string | undefined)[] = ["J", "Y", "E"];
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("*", "\\*").replaceAll("_", "\\_");

function row({ id, name, code, happens, heldBy, expected }: ConformanceCase): string {
  const languages = Object.keys(code).map((language) => languageNames[language as Language]);
  const ends = expected.map((word) => `\`${word}\``).join(" or ");
  return `| ${id} | ${cell(name)} | ${languages.join(", ")} | ${cell(happens)}: ${ends} | ${cell(heldBy)} |`;
}

/** Within a group, which the letter names; groups stay in their order. */
const byId = (a: ConformanceCase, b: ConformanceCase): number =>
  a.id[0] === b.id[0] ? Number(a.id > b.id) - Number(a.id < b.id) : groups.indexOf(a.id[0]) - groups.indexOf(b.id[0]);

/** Every conformance case as a row of a Markdown table: attack, language, what happens, which limit. */
export function attackTable(): string {
  const head = ["| id | attack | language | what happens | which limit |", "|---|---|---|---|---|"];
  return [...head, ...conformanceCases.toSorted(byId).map(row)].join("\n");
}
