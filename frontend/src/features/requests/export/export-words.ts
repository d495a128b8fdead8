import type { ExportFormat } from "@assay/contract";

/** Every format in the order to offer it, and what it is for. */
export const exportWords: Readonly<Record<ExportFormat, readonly [name: string, use: string]>> = {
  csv: ["CSV", "a row per lookup"],
  "csv-answers": ["CSV", "a row per answer"],
  jsonl: ["JSON lines", "everything"],
  markdown: ["Markdown", "defanged"],
  text: ["Plain text", "defanged"],
  stix: ["STIX 2.1", "bundle"],
  misp: ["MISP", "event"],
  ecs: ["ECS", "Elastic, JSON lines"],
};
