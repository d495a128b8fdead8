import { reportLookup } from "./lookup-report.ts";
import type { ExportWriter } from "./writer.ts";

/** Markdown (GitHub's) for tickets; everything in it is defanged, and nothing in it is markup but our own. */
export function markdownWriter(): ExportWriter {
  return {
    lookup(request) {
      const { indicator, facts, answers, relations } = reportLookup(request);
      const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
      const lines = [
        `## ${markdownCode(indicator)}`,
        "",
        row(["", ""]),
        row(["---", "---"]),
        ...facts.map(([name, value]) => row([name, markdownText(value)])),
        "",
        ...(answers.length === 0 ? [] : [row(["Source", "Says", "Why"]), row(["---", "---", "---"])]),
        ...answers.map(({ source, says, why }) => row([source, says, why.join("; ")].map(markdownText))),
        ...(answers.length === 0 ? [] : [""]),
        ...(relations.length === 0 ? [] : ["Related:", ""]),
        ...relations.map((relation) => `- ${markdownText(relation)}`),
        ...(relations.length === 0 ? [] : [""]),
      ];
      return `${lines.join("\n")}\n`;
    },
  };
}

const defangMarks = /\[(\.|:|@|:\/\/)\]/g;

/** Text on one line with every mark of Markdown and HTML undone; what defanging put there stays readable. */
export function markdownText(text: string): string {
  const escape = (part: string): string => part.replaceAll(/[\\`*_{}[\]()<>#|!~&$]/g, "\\$&");
  const parts: string[] = [];
  let from = 0;
  for (const mark of text.matchAll(defangMarks)) {
    parts.push(escape(text.slice(from, mark.index)), mark[0]);
    from = mark.index + mark[0].length;
  }
  parts.push(escape(text.slice(from)));
  return parts.join("");
}

/** A code span, whatever backticks are in it; a bar would end the cell of a table even there. */
function markdownCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}
