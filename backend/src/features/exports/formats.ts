import type { ExportFormat } from "@assay/contract";
import { csvAnswersWriter, csvWriter } from "./csv.ts";
import { ecsWriter } from "./ecs.ts";
import { markdownWriter } from "./markdown.ts";
import { mispWriter } from "./misp.ts";
import { stixWriter } from "./stix/stix.ts";
import { textWriter } from "./text.ts";
import type { ExportSubject, ExportWriter } from "./writer.ts";

export interface ExportFormatInfo {
  readonly mediaType: string;
  /** Of the file's name, with its dot. */
  readonly ending: string;
  readonly open: (subject: ExportSubject) => ExportWriter;
}

const jsonl = "application/jsonl; charset=utf-8";

export const exportFormats: Readonly<Record<ExportFormat, ExportFormatInfo>> = {
  csv: { mediaType: "text/csv; charset=utf-8; header=present", ending: ".csv", open: csvWriter },
  "csv-answers": {
    mediaType: "text/csv; charset=utf-8; header=present",
    ending: "-answers.csv",
    open: csvAnswersWriter,
  },
  jsonl: {
    mediaType: jsonl,
    ending: ".jsonl",
    open: () => ({ lookup: (request) => `${JSON.stringify(request)}\n` }),
  },
  markdown: { mediaType: "text/markdown; charset=utf-8", ending: ".md", open: markdownWriter },
  text: { mediaType: "text/plain; charset=utf-8", ending: ".txt", open: textWriter },
  stix: { mediaType: "application/stix+json;version=2.1", ending: ".stix.json", open: stixWriter },
  misp: { mediaType: "application/json; charset=utf-8", ending: ".misp.json", open: mispWriter },
  ecs: { mediaType: jsonl, ending: ".ecs.jsonl", open: ecsWriter },
};
