import { diff } from "node:util";
import { stringify } from "yaml";

const contextLines = 2;

/** A line of a comparison: in both, only expected, only got. */
export interface DifferenceLine {
  readonly sign: " " | "-" | "+" | "…";
  readonly text: string;
}

/** Two values as YAML, line by line, with a little of what is the same around what is not. Empty when they are equal. */
export function yamlDifference(expected: unknown, got: unknown): DifferenceLine[] {
  const changes = diff(linesOf(got), linesOf(expected)).map(([operation, text]): DifferenceLine => ({
    sign: operation === 0 ? " " : operation === 1 ? "+" : "-",
    text,
  }));
  const lines = expectedFirst(changes);
  const isNear = (at: number) =>
    lines.slice(Math.max(0, at - contextLines), at + contextLines + 1).some(({ sign }) => sign !== " ");
  return lines.flatMap((line, at): DifferenceLine[] => {
    if (isNear(at)) return [line];
    return at > 0 && isNear(at - 1) ? [{ sign: "…", text: "" }] : [];
  });
}

/** In every stretch of changes, what was expected stands before what was got. */
function expectedFirst(lines: readonly DifferenceLine[]): DifferenceLine[] {
  const ordered: DifferenceLine[] = [];
  const got: DifferenceLine[] = [];
  for (const line of lines) {
    if (line.sign === "+") got.push(line);
    else {
      if (line.sign === " ") ordered.push(...got.splice(0));
      ordered.push(line);
    }
  }
  return [...ordered, ...got];
}

function linesOf(value: unknown): string[] {
  return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n");
}
