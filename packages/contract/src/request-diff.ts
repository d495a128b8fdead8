import { z } from "zod";
import { Facts, Opinion, Outcome, Reason, Relation, SourceSnapshot } from "./answers.ts";
import { Json } from "./fields.ts";

const change = <T extends z.ZodType>(value: T) => z.strictObject({ before: value.nullable(), after: value.nullable() });
const changes = <T extends z.ZodType>(item: T) => z.strictObject({ added: z.array(item), removed: z.array(item) });

/** What became of one source's answer. null before: it was not asked then; null after: it was not asked again. */
export const SourceDiff = z.strictObject({
  source: SourceSnapshot,
  changed: z.boolean(),
  pruned: z.enum(["before", "after"]).nullable().meta({
    description:
      "Retention deleted this one of the two answers, so that nothing can be said of a change; null: neither",
  }),
  outcome: change(Outcome),
  verdict: change(Opinion),
  reasons: changes(Reason),
  labels: changes(z.string()),
  facts: z.array(z.strictObject({ name: Facts.keyof(), before: Json, after: Json })),
  relations: changes(Relation),
});
export type SourceDiff = z.infer<typeof SourceDiff>;
