import { reportLookup } from "./lookup-report.ts";
import type { ExportWriter } from "./writer.ts";

/** Plain text for tickets; everything in it is defanged. */
export function textWriter(): ExportWriter {
  return {
    lookup(request) {
      const { indicator, facts, answers, relations } = reportLookup(request);
      const width = Math.max(...facts.map(([name]) => name.length));
      const lines = [
        indicator,
        ...facts.map(([name, value]) => `  ${`${name}:`.padEnd(width + 2)}${value}`),
        ...(answers.length === 0 ? [] : ["", "  Answers"]),
        ...answers.flatMap(({ source, says, why }) => [
          `  - ${source}: ${says}`,
          ...why.map((text) => `      ${text}`),
        ]),
        ...(relations.length === 0 ? [] : ["", "  Related"]),
        ...relations.map((relation) => `  - ${relation}`),
      ];
      return `${lines.join("\n")}\n\n`;
    },
  };
}
