import type { AskedFor } from "@assay/contract";

const partWords: Readonly<Record<AskedFor["stripped"][number], string>> = {
  url_query: "query",
  url_fragment: "fragment",
  url_userinfo: "user",
  email_local_part: "local part",
};

/** "asked without query and fragment". */
export function askedForShort({ stripped }: AskedFor): string {
  const parts = stripped.map((part) => partWords[part]);
  const last = parts.pop() ?? "";
  return `asked without ${parts.length === 0 ? last : `${parts.join(", ")} and ${last}`}`;
}
