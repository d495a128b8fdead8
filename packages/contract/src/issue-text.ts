import type { z } from "zod";

const expectedNames: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const formatNames: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  url: "a URL",
  datetime: 'a time such as "2026-01-31T12:00:00Z"',
};

/** What is wrong with a value, to follow the name of its field. For schemas that have no text of their own. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      return `must be ${expectedNames[issue.expected] ?? issue.expected}`;
    case "too_small":
      return bound(issue.origin, Number(issue.minimum), issue.inclusive === false ? "more than" : "at least");
    case "too_big":
      return bound(issue.origin, Number(issue.maximum), issue.inclusive === false ? "less than" : "at most");
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return `must be ${formatNames[issue.format] ?? `valid (${issue.format})`}`;
    case "invalid_union":
      return "has none of the forms that are allowed here";
    default:
      return undefined;
  }
}

function bound(origin: string, limit: number, words: string): string {
  if (origin === "string") return `must have ${words} ${limit} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array" || origin === "set") return `must have ${words} ${limit} ${limit === 1 ? "item" : "items"}`;
  return `must be ${words} ${limit}`;
}
