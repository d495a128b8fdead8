import { indicatorKinds, isIndicatorKind, type IndicatorKind as Kind } from "@assay/indicators";
import { z } from "zod";
import { endpoints } from "./endpoint.ts";

const kinds = indicatorKinds.map((info) => info.kind) as [Kind, ...Kind[]];
export const IndicatorKind = z.enum(kinds, {
  error: (issue) =>
    typeof issue.input === "string" && !isIndicatorKind(issue.input) ? `must be one of ${kinds.join(", ")}` : undefined,
});
export type IndicatorKind = Kind;

export const IndicatorKindInfo = z.strictObject({
  kind: IndicatorKind,
  label: z.string(),
  description: z.string(),
  example: z.string(),
  group: z.string(),
});
export type IndicatorKindInfo = z.infer<typeof IndicatorKindInfo>;

export const indicatorsApi = endpoints({
  kinds: {
    method: "GET",
    path: "/indicatorKinds",
    summary: "Kinds of indicator that can be looked up",
    access: "authenticated",
    responses: { 200: z.strictObject({ items: z.array(IndicatorKindInfo) }) },
  },
});
