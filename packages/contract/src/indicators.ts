import { indicatorKinds, isIndicatorKind, type IndicatorKind as Kind, stripParts } from "@assay/indicators";
import { z } from "zod";
import { endpoints } from "./endpoint.ts";

const kinds = indicatorKinds.map((info) => info.kind) as [Kind, ...Kind[]];
export const IndicatorKind = z.enum(kinds, {
  error: (issue) =>
    typeof issue.input === "string" && !isIndicatorKind(issue.input) ? `must be one of ${kinds.join(", ")}` : undefined,
});
export type IndicatorKind = Kind;

/** A part of an indicator that a source does not get to see. */
export const StripPart = z.enum(stripParts);
export type StripPart = z.infer<typeof StripPart>;

export const IndicatorKindInfo = z.strictObject({
  kind: IndicatorKind,
  label: z.string(),
  description: z.string(),
  example: z.string(),
  group: z.string(),
});
export type IndicatorKindInfo = z.infer<typeof IndicatorKindInfo>;

/** Longest text that indicators are extracted from, in UTF-16 code units. */
export const extractCharsMax = 2 * 1024 * 1024;

export const ExtractInput = z.strictObject({
  text: z
    .string()
    .max(extractCharsMax)
    .meta({
      description: "Any text: prose, mail, HTML, JSON, CSV, logs",
      examples: ["Seen: hxxps://evil[.]example/x"],
    }),
  kinds: z.array(IndicatorKind).min(1).optional().meta({ description: "Only these kinds; all when absent" }),
  dedupe: z.boolean().optional().meta({ description: "Give an indicator that occurs again once; true when absent" }),
  insideUrls: z
    .boolean()
    .optional()
    .meta({ description: "Give the host of every URL as an indicator of its own, too; false when absent" }),
});
export type ExtractInput = z.infer<typeof ExtractInput>;

const offset = z.number().int().min(0).meta({ description: "Where it begins in the text, in UTF-16 code units" });

export const ExtractedIndicator = z.strictObject({
  data: z.string().meta({ description: "The canonical form" }),
  kind: IndicatorKind,
  raw: z.string().meta({ description: "How it stands in the text" }),
  offset,
  length: z.number().int().min(1).meta({ description: "Of `raw`, in UTF-16 code units" }),
  confidence: z.enum(["high", "medium", "low"]),
  note: z.string().optional().meta({ description: "Why the confidence is not high, or what is special about it" }),
  unwrappedFrom: z
    .string()
    .optional()
    .meta({ description: "The mail filter's or search engine's link in the text that leads to this URL" }),
});

export const Extraction = z.strictObject({
  indicators: z.array(ExtractedIndicator),
  dropped: z.array(
    z.strictObject({
      raw: z.string().meta({ description: "What looked like an indicator; its first 200 characters" }),
      offset,
      reason: z.string(),
    }),
  ),
  leftOut: z
    .strictObject({ indicators: z.number().int(), dropped: z.number().int() })
    .meta({ description: "How many were found beyond the 10,000 indicators and 1,000 dropped texts that are given" }),
});

export const indicatorsApi = endpoints({
  kinds: {
    method: "GET",
    path: "/indicatorKinds",
    summary: "Kinds of indicator that can be looked up",
    access: "authenticated",
    responses: { 200: z.strictObject({ items: z.array(IndicatorKindInfo) }) },
  },
  extract: {
    method: "POST",
    path: "/indicators/extract",
    summary: "Find the indicators in a text",
    access: "authenticated",
    body: ExtractInput,
    // A line break takes two bytes in JSON; a text of the greatest length may consist of them.
    bodyBytesMax: 2 * extractCharsMax + 64 * 1024,
    responses: { 200: Extraction },
  },
});
