import { extract } from "@assay/indicators";
import { number, say } from "./say.ts";

const textChars = 1_000_000;
const targetMs = 1_000;

/** Each makes the scanners look ahead, look back or check a checksum as often as they can be made to. */
const hostile: Readonly<Record<string, string>> = {
  "a.a.a.a…": "a.",
  "http://http://…": "http://",
  "[.][.]…": "[.]",
  "[[[[…": "[",
  "1111…": "1",
  "1.2.3.4/1.2.3.4/…": "1.2.3.4/",
  "@@@@…": "@",
  "a@a@a@…": "a@",
  "::::…": ":",
  "f:f:f:f…": "f:",
  "URLs and brackets": "http://a.com)",
  "dot dot dot": "a dot ",
  "registry keys": "HKLM\\a a a \\",
  "plus signs": "+1 ",
  "IPv6 addresses": "2001:db8:: ",
  "Bitcoin, wrong": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ",
  "Ethereum, wrong": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAef ",
  "onions, wrong": "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzcza2.onion ",
};

const prose =
  "On Tuesday the actor sent mail from billing@invoice-update.example.com with a link to hxxps://login[.]example[.]net/a.php?id=7 " +
  "(seen before at 203.0.113.7:8080). The attachment report.pdf has the SHA-256 275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f " +
  "and drops setup.exe, which writes HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run and exploits CVE-2021-44228 in version 2.14.1 of the library.\n";

/** CPU time of one extraction, in milliseconds: the machine may be busy with something else. */
function extractionMs(text: string): { readonly ms: number; readonly found: number } {
  const before = process.cpuUsage();
  const { indicators } = extract(text, { dedupe: false });
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, found: indicators.length };
}

/** Measures the extraction of indicators alone: a million characters of each hostile text, and of prose. */
export function benchExtraction(): Promise<void> {
  const filled = (unit: string): string => unit.repeat(Math.ceil(textChars / unit.length)).slice(0, textChars);
  extractionMs(filled(prose).slice(0, textChars / 4));
  say("Extraction: CPU time for 1,000,000 characters");
  const { ms, found } = extractionMs(filled(prose));
  say(
    `  ${"a report".padEnd(22)} ${number(ms).padStart(6)} ms, ${number(1000 / ms)} MB/s, ${number(found)} or more found`,
  );
  let worst = 0;
  for (const [name, unit] of Object.entries(hostile)) {
    const taken = extractionMs(filled(unit)).ms;
    worst = Math.max(worst, taken);
    say(`  ${name.padEnd(22)} ${number(taken).padStart(6)} ms`);
  }
  say(`  worst ${number(worst)} ms; target: less than ${number(targetMs)} ms, ${worst < targetMs ? "met" : "missed"}`);
  return Promise.resolve();
}
