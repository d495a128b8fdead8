import { z } from "zod";

/** What lookups can be taken along as. */
export const ExportFormat = z.enum(["csv", "csv-answers", "jsonl", "markdown", "text", "stix", "misp", "ecs"]).meta({
  description:
    "csv: a row per lookup; csv-answers: a row per answer; jsonl: a lookup per line, as the API gives it; markdown, text: defanged, " +
    "for tickets; stix: a STIX 2.1 bundle; misp: a MISP event; ecs: Elastic Common Schema, a document per line",
});
export type ExportFormat = z.infer<typeof ExportFormat>;

export const exportQuery = { format: ExportFormat };

/** The media types of exports. */
export const exportFile = {
  "text/csv": null,
  "application/jsonl": null,
  "text/markdown": null,
  "text/plain": null,
  "application/stix+json": null,
  "application/json": null,
} as const;
