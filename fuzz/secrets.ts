import fc from "fast-check";
import { fillIn } from "../runners/common/src/egress/fill-in.ts";
import { EgressError } from "../runners/common/src/egress/egress-error.ts";
import { hideSecrets } from "../runners/common/src/egress/hide-secrets.ts";
import { openCallSecrets } from "../runners/common/src/secrets/call-secrets.ts";
import { redactBytes } from "../runners/common/src/secrets/redact.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { secretForm, secretValue } from "./secret-forms.ts";

const caller = { sourceId: "fuzz", signal: new AbortController().signal };
const hosts = ["up.test", "*.up.test"];
/** Control characters, which no value has and no encoding takes for its own. */
const beside = fc.string({ unit: fc.constantFrom("\u0002", "\u0003", "."), minLength: 1, maxLength: 8 });
const stepsPerByteAndNeedle = 8 / 32_768;

const arbitrary = fc.record({
  value: secretValue,
  other: secretValue,
  form: secretForm,
  before: beside,
  after: beside,
  exposed: fc.boolean(),
  host: fc.constantFrom("up.test", "a.up.test", "other.test", "up.test.other.test", "xup.test"),
  place: fc.constantFrom("header", "basic", "path", "query", "form", "json", "text", "name", "host"),
  repeats: fc.oneof({ weight: 30, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(4_000) }),
});
type Given = typeof arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** What comes back: in none of the promised forms is a value left, and what has none stays the same buffer. */
async function checkHidden({ value, other, form, before, after, exposed, repeats }: Given): Promise<void> {
  const secrets = openCallSecrets([{ name: "KEY", value, hosts, exposed }], caller);
  const written = form.write(value);
  const edge = (around: string) => Buffer.from(around);
  const body = Buffer.concat([edge(before), written, edge(after)]);
  const clean = edge(`${before}${after}`);
  const response = { status: 200, statusText: "OK", headers: [["x", body.toString("latin1")]] as const, body };
  const hidden = await hideSecrets(response, secrets);
  const texts = exposed
    ? [secrets.hideFromPeople(body.toString("utf8"))]
    : [hidden.body.toString("latin1"), hidden.headers[0]?.[1] ?? "", secrets.hideFromPeople(body.toString("utf8"))];
  const needle = written.toString("latin1").toLowerCase();
  for (const text of texts) {
    const isShown = [text, Buffer.from(text).toString("latin1")].some((one) => one.toLowerCase().includes(needle));
    // As text, UTF-16 with halves in it is no longer what it was.
    if (isShown) fault(`left ${form.name}: ${JSON.stringify(text)}`);
  }
  if (exposed && (await secrets.exposedIn(body)).length !== 1) fault(`does not see ${form.name} in what goes out`);
  if ((await secrets.hideFromSource(clean)) !== clean) fault("changed what holds no secret");
  const result = JSON.stringify({ [`${before}${value}`]: [value, other, 1, { deep: `${value}${after}` }] });
  const shown = await secrets.hideFromResult(result);
  JSON.parse(shown, (key, one: unknown) => {
    if (key.includes(value) || (typeof one === "string" && one.includes(value))) fault(`left in the result: ${shown}`);
    return one;
  });
  checkWork(Buffer.concat(Array.from({ length: repeats }, () => written)), secrets.slots);
}

/** Steps are bounded by the bytes and the forms alone, whatever both are. */
function checkWork(bytes: Buffer, slots: ReturnType<typeof openCallSecrets>["slots"]): void {
  const work = redactBytes(bytes, slots);
  let steps = 0;
  while (work.next().done !== true) steps += 1;
  const needles = slots.reduce((sum, { needles: { text, compact } }) => sum + text.length + compact.length, 8);
  // Twice over four views, and a step for every 1,024 places.
  const stepsMax = 100 + needles * 8 + bytes.length * (needles * stepsPerByteAndNeedle + 1 / 1024);
  if (steps > stepsMax) fault(`${steps} steps for ${bytes.length} bytes, more than ${stepsMax}`);
}

/** What goes out: the value only to its hosts, exactly, and never as a name. */
async function checkFilled({ value, host, place }: Given, count: (name: string) => void): Promise<void> {
  const secrets = openCallSecrets([{ name: "KEY", value, hosts, exposed: false }], caller);
  const key = secrets.given["KEY"] ?? "";
  const at = (here: Given["place"], text: string): string => (place === here ? text : "");
  const url = new URL(`https://${at("host", `${key}.`)}${host}/p/${at("path", key)}?k=${at("query", key)}`);
  const types = { form: "application/x-www-form-urlencoded", json: "application/json" } as Record<string, string>;
  const headers: [string, string][] = [["Content-Type", types[place] ?? "text/plain"]];
  if (place === "header") headers.push(["X-Key", key]);
  if (place === "name") headers.push([`x-${key}`, "1"]);
  if (place === "basic") headers.push(["Authorization", `Basic ${Buffer.from(`user:${key}`).toString("base64")}`]);
  const text = at("form", `k=${key}`) + at("json", JSON.stringify({ k: key })) + at("text", key);
  const request = { method: "POST", url: url.href, headers, body: text === "" ? undefined : Buffer.from(text) };
  const target = { url, protocol: "https:" as const, host: url.hostname, port: 443, isNamed: true };
  const isMine = host === "up.test" || host === "a.up.test";
  const mayGo = isMine && place !== "name" && place !== "host";
  const filled = await fillIn(request, target, secrets).catch((error: unknown) => error);
  if (filled instanceof Error) {
    if (!(filled instanceof EgressError) || filled.code !== "EGRESS_DENIED") fault(`threw ${filled.stack}`);
    if (mayGo || filled.message.includes(value)) fault(`refused, or told: ${filled.message}`);
    count("refused");
    return;
  }
  if (!mayGo) fault(`filled in for ${host} in ${place}`);
  const { request: out } = filled as Awaited<ReturnType<typeof fillIn>>;
  const sent = new URL(out.url);
  const body = out.body?.toString("utf8") ?? "";
  const header = (name: string): string =>
    Buffer.from(out.headers.find(([one]) => one === name)?.[1] ?? "", "latin1").toString("utf8");
  const arrived = {
    header: () => header("X-Key"),
    basic: () => Buffer.from(header("Authorization").slice(6), "base64").toString("utf8").slice(5),
    path: () => decodeURIComponent(sent.pathname.slice(3)),
    query: () => sent.searchParams.get("k"),
    form: () => new URLSearchParams(body).get("k"),
    json: () => (JSON.parse(body) as { k: string }).k,
    text: () => body,
    name: () => "",
    host: () => "",
  }[place]();
  if (arrived !== value) fault(`arrived as ${JSON.stringify(arrived)} in ${place}`);
  count("filled in");
}

function open(): Promise<OpenTarget> {
  const counts = createCounts();
  const property = fc.asyncProperty(arbitrary, async (given) => {
    await checkHidden(given);
    await checkFilled(given, counts.add);
  });
  return Promise.resolve({ property: property as OpenTarget["property"], counts, close: () => Promise.resolve() });
}

export const secrets: FuzzTarget = {
  name: "secrets",
  about:
    "a value, in every promised form within an answer, and its placeholder in every place of a request → nothing of it comes back or goes elsewhere, and it arrives as it is",
  share: 6_000,
  open,
};
