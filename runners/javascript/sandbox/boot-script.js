// Puts the boot scripts together. They run in every fresh context, before anything of the source.
import { readFileSync } from "node:fs";
import { bootLimits } from "./limits.js";

const order = [
  "primordials",
  "lazy",
  "problems",
  "console",
  "timers",
  "egress",
  "http",
  "encoding",
  "url",
  "events",
  "fetching",
  "cloning",
  "crypto",
  "context",
];

/** A script whose value is a function `(post, sync) => enter`. */
export function readBootScript() {
  const scripts = order.map((name) => readFileSync(new URL(`./boot/${name}.js`, import.meta.url), "utf8"));
  return `(function (post, ask) {
"use strict";
let questionsLeft = ${bootLimits.questionsMax};
let charsLeft = ${bootLimits.questionCharsMax};
const sync = (name, json) => {
  questionsLeft -= 1;
  charsLeft -= json.length;
  if (questionsLeft < 0 || charsLeft < 0) throw new RangeError("Too many calls of URL or crypto, or too much data for them.");
  return ask(name, json);
};
const boot = { __proto__: null, post, sync, limits: ${JSON.stringify(bootLimits)} };
for (const install of [
${scripts
  .map((script) =>
    script
      .trim()
      .replace(/^(?:\/\/.*\n)+/, "")
      .replace(/;$/, ""),
  )
  .join(",\n")}
]) install(boot);
return boot.enter;
})`;
}
