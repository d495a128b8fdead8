import type { SourceDiff } from "@assay/contract";

interface Change {
  /** What became of it, so that colour is not needed to tell. */
  readonly sign: "added" | "removed" | "changed";
  readonly text: string;
}

/** Every change of one source as a line. */
export function sourceChanges({ outcome, verdict, reasons, labels, facts, relations }: SourceDiff): Change[] {
  const lines: Change[] = [];
  const turned = (name: string, before: string | null, after: string | null): void => {
    if (before !== after) lines.push({ sign: "changed", text: `${name}: ${before ?? "none"} → ${after ?? "none"}` });
  };
  turned("Outcome", outcome.before, outcome.after);
  turned("Opinion", verdict.before, verdict.after);
  for (const { name, before, after } of facts) turned(name, shown(before), shown(after));
  const lists = {
    added: [reasons.added, labels.added, relations.added],
    removed: [reasons.removed, labels.removed, relations.removed],
  } as const;
  for (const sign of ["added", "removed"] as const) {
    const [why, names, ties] = lists[sign];
    for (const { text } of why) lines.push({ sign, text: `reason: ${text}` });
    for (const label of names) lines.push({ sign, text: `label: ${label}` });
    for (const { type, data } of ties) lines.push({ sign, text: `${type.replaceAll("_", " ")} ${data}` });
  }
  return lines;
}

function shown(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
