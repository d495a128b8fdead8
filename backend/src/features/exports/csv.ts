import type { Answer, Request } from "@assay/contract";
import { foreignVerdicts } from "./verdict-words.ts";
import type { ExportWriter } from "./writer.ts";

type Cell = string | number | null;

/** What a spreadsheet takes for a formula (OWASP, "CSV Injection"); the wide forms are turned into these by some. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;

/** One field of RFC 4180. One that a spreadsheet would run gets an apostrophe before it. */
export function csvCell(value: Cell): string {
  const raw = value === null ? "" : String(value);
  const text = formulaStart.test(raw) ? `'${raw}` : raw;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

type Column<T> = readonly [name: string, cell: (item: T) => Cell];

const lookupColumns: readonly Column<Request>[] = [
  ["lookupId", ({ id }) => id],
  ["createdAt", ({ createdAt }) => createdAt],
  ["indicator", ({ data }) => data],
  ["kind", ({ kind }) => kind],
  ["tlp", ({ tlp }) => tlp],
  ["pap", ({ pap }) => pap],
  ["status", ({ status }) => status],
  ["verdict", ({ verdict }) => verdict.verdict],
  ["rule", ({ verdict }) => verdict.rule],
  ["score", ({ verdict }) => verdict.score],
  ["dbotScore", ({ verdict }) => foreignVerdicts[verdict.verdict].dbotScore],
  ["cortexLevel", ({ verdict }) => foreignVerdicts[verdict.verdict].cortexLevel],
];

const summaryColumns: readonly Column<Request>[] = [
  ["why", ({ verdict }) => verdict.text],
  ["decidedBy", ({ verdict }) => verdict.decision?.user.name ?? null],
  ["decidedUntil", ({ verdict }) => verdict.decision?.expiresAt ?? null],
  ["asked", ({ verdict }) => verdict.coverage.asked],
  ["answered", ({ verdict }) => verdict.coverage.answered],
  ["noRecord", ({ verdict }) => verdict.coverage.noRecord],
  ["failed", ({ verdict }) => verdict.coverage.failed],
  ["skipped", ({ verdict }) => verdict.coverage.skipped],
  ["maliciousBy", (request) => namesOf(request, "malicious")],
  ["suspiciousBy", (request) => namesOf(request, "suspicious")],
  ["benignBy", (request) => namesOf(request, "benign")],
  ["labels", ({ answers }) => joined(answers.flatMap(({ labels }) => labels))],
  ["malwareFamilies", ({ answers }) => joined(answers.map(({ facts }) => facts.malwareFamily))],
  ["asn", ({ answers }) => joined(answers.map(({ facts }) => facts.asn))],
  ["country", ({ answers }) => joined(answers.map(({ facts }) => facts.country))],
];

/** Last, so that whoever reads columns by their number finds the others where they were. */
const prunedColumn: Column<Request> = ["answersDeleted", ({ prunedAnswers }) => prunedAnswers?.count ?? 0];

const answerColumns: readonly Column<Answer>[] = [
  ["source", ({ source }) => source.slug],
  ["outcome", ({ outcome }) => outcome],
  ["sourceVerdict", ({ verdict, outcome }) => (outcome === "ok" ? verdict : null)],
  ["reasons", ({ reasons }) => reasons.map(({ text }) => text).join("; ")],
  ["problems", ({ problems }) => problems.map(({ code, message }) => `${code}: ${message}`).join("; ")],
  ["answerLabels", ({ labels }) => joined(labels)],
  ["facts", ({ facts }) => (Object.keys(facts).length === 0 ? null : JSON.stringify(facts))],
  ["relations", ({ relations }) => joined(relations.map(({ type, data }) => `${type} ${data}`))],
  ["link", ({ link }) => link],
  ["observedAt", ({ observedAt }) => observedAt],
  ["fetchedAt", ({ fetchedAt }) => fetchedAt],
  ["askedFor", ({ askedFor }) => askedFor?.data ?? null],
];

/** A row per lookup. */
export function csvWriter(): ExportWriter {
  const columns = [...lookupColumns, ...summaryColumns, prunedColumn];
  return {
    head: () => csvRow(columns.map(([name]) => name)),
    lookup: (request) => csvRow(columns.map(([, cell]) => cell(request))),
  };
}

/** A row per answer, the lookup's own columns before it; a lookup without answers has one row. */
export function csvAnswersWriter(): ExportWriter {
  return {
    head: () => csvRow([...[...lookupColumns, ...answerColumns].map(([name]) => name), prunedColumn[0]]),
    lookup(request) {
      const before = lookupColumns.map(([, cell]) => cell(request));
      const pruned = prunedColumn[1](request);
      if (request.answers.length === 0) return csvRow([...before, ...answerColumns.map(() => null), pruned]);
      return request.answers
        .map((answer) => csvRow([...before, ...answerColumns.map(([, cell]) => cell(answer)), pruned]))
        .join("");
    },
  };
}

function namesOf({ answers }: Request, verdict: Answer["verdict"]): string {
  return joined(answers.filter((answer) => answer.verdict === verdict).map(({ source }) => source.slug));
}

function joined(values: readonly (string | number | undefined)[]): string {
  return [...new Set(values.filter((value) => value !== undefined))].join("; ");
}
