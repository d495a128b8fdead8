import { inspect } from "node:util";

const notShown = new Set(["level", "time", "pid", "name", "msg", "err", "traceId"]);

function field([key, value]: [string, unknown]): string {
  return `${key}=${typeof value === "string" ? value : inspect(value, { breakLength: Infinity, depth: 3 })}`;
}

function causes(err: unknown, debug: boolean): string {
  if (typeof err !== "object" || err === null || !("message" in err)) return "";
  const shown = debug && "stack" in err ? `\n${String(err.stack)}` : `: ${String(err.message)}`;
  return shown + ("cause" in err ? causes(err.cause, debug) : "");
}

/** One JSON log line as a line for people. Stacks are shown for errors of level `error`, messages only below it. */
export function prettyLine(json: string): string {
  const entry: Record<string, unknown> = JSON.parse(json);
  const time = String(entry["time"]).slice(11, 19);
  const level = String(entry["level"]);
  const label = level === "info" ? "" : `${level}: `;
  const fields = Object.entries(entry)
    .filter(([key]) => !notShown.has(key))
    .map(field);
  const words = [`${time} ${String(entry["name"]).padEnd(23)} ${label}${String(entry["msg"] ?? "")}`, ...fields];
  return `${words.join("  ")}${causes(entry["err"], level === "error")}\n`;
}
