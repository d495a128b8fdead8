import { z } from "zod";
import { Language } from "./answers.ts";
import { endpoints } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";

export const RunnerStatus = z.strictObject({
  language: Language,
  address: z.string(),
  state: z.enum(["serving", "unreachable", "refused"]),
  /** The fence in force; null while unknown. `landlock` is weaker than `bubblewrap`; `off` means that user code is not isolated. */
  sandbox: z.enum(["bubblewrap", "landlock", "off"]).nullable(),
  /** Why it does not serve. */
  reason: z.string().nullable(),
  since: Timestamp,
});
export type RunnerStatus = z.infer<typeof RunnerStatus>;

export const runnersApi = endpoints({
  list: {
    method: "GET",
    path: "/runners",
    summary: "Runners and whether they serve",
    access: "authenticated",
    responses: { 200: z.strictObject({ items: z.array(RunnerStatus) }) },
  },
});
