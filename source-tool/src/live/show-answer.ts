import type { Answer } from "@assay/proto";
import { stringify } from "yaml";
import { printable, type Paint, type Terminal } from "../terminal.ts";

const levelPaints: Readonly<Record<string, Paint>> = { debug: "dim", info: "cyan", warn: "yellow", error: "red" };

/** Prints what a run left behind: logs, calls, and the answer with its time. */
export function showAnswer(answer: Answer, { out, paint }: Terminal): void {
  for (const { atMs, level, text } of answer.logs)
    out(`${paint("dim", `${Math.round(atMs)} ms`)} ${paint(levelPaints[level] ?? "cyan", level)} ${printable(text)}`);
  for (const call of answer.http) {
    const address = call.method === "DNS" ? `${call.host} ${call.path}` : `${call.host}${call.path}`;
    const end = call.error === "" ? `${call.status}, ${call.responseBytes} bytes` : call.error;
    const times = `${Math.round(call.durationMs)} ms`;
    out(
      `${paint("bold", call.method)} ${printable(address)} ${paint(call.error === "" ? "green" : "red", printable(end))} ${paint("dim", times)}`,
    );
  }
  const took = answer.timing === null ? "" : paint("dim", ` in ${Math.round(answer.timing.sandboxMs)} ms`);
  if (answer.outcome === "not_found") return out(`${paint("green", "not found")}${took}`);
  if (answer.outcome === "ok") {
    out(`${paint("green", "ok")}${took}`);
    return out(printable(stringify(JSON.parse(answer.resultJson), { lineWidth: 0 }).trimEnd()));
  }
  const { code = "INTERNAL", message = "", line = 0, column = 0 } = answer.problem ?? {};
  const place = line === 0 ? "" : ` (line ${line}${column === 0 ? "" : `, column ${column}`})`;
  return out(`${paint("red", code)} ${printable(message)}${place}${took}`);
}
