import { expect, vi } from "vitest";
import { type EchoingUpstream, redirectingIndicator, waitingIndicator } from "./echoing-upstream.ts";
import type { Caller } from "./planted-calls.ts";

type Headers = Readonly<Record<string, string>>;

export interface PlantedSources {
  readonly ids: readonly string[];
  readonly secretIds: readonly string[];
  readonly waitingIndicator: string;
}

/** The code says its key wherever it can: in the query, in headers, to the log, in its answer and in its error. */
const javascript = (host: string): string => `export async function fetchData(indicator, { http, secrets, log }) {
  const key = secrets.KEY;
  log.info("with the key " + key);
  console.error({ key }, [key], encodeURIComponent(key));
  const headers = { "x-key": key, authorization: "Bearer " + key };
  const response = await http.get("https://${host}/v1/" + indicator.data, { query: { apikey: key }, headers });
  log.warn(response.text);
  if (indicator.data === "192.0.2.104") throw new Error("It failed with " + key + " after " + response.text);
  const reasons = [{ code: "key", text: key.slice(0, 200), value: key }];
  return { data: { key, text: response.text, [key]: { ...response.headers } }, verdict: "none", reasons, labels: [key.slice(0, 60)] };
}
`;
const python = (host: string): string => `from urllib.parse import quote


def fetch_data(indicator, context):
    key = context.secrets.KEY
    context.log.info("with the key " + key)
    print({"key": key}, [key], quote(key))
    headers = {"x-key": key, "authorization": "Bearer " + key}
    response = context.http.get("https://${host}/v1/" + indicator.data, query={"apikey": key}, headers=headers)
    context.log.warn(response.text)
    if indicator.data == "192.0.2.104":
        raise ValueError("It failed with " + key + " after " + response.text)
    reasons = [{"code": "key", "text": key[:200], "value": key}]
    return {"data": {"key": key, "text": response.text, key: 1}, "verdict": "none", "reasons": reasons, "labels": [key[:60]]}
`;

/** Sources of both languages, each once with a key that its code holds and once without, and one whose proxy refuses. */
export async function addPlantedSources(
  caller: Caller,
  headers: Headers,
  { host, refusedHost }: EchoingUpstream,
  given: { readonly hidden: string; readonly exposed: string; readonly replaced: string },
): Promise<PlantedSources> {
  const make = async (path: string, body: object): Promise<string> => {
    const { status, json } = await caller.post(path, body, headers);
    expect(status, JSON.stringify(json)).toBe(201);
    return (json as { id: string }).id;
  };
  const providerId = await make("/providers", { name: "Planted upstream" });
  const hosts = [host, refusedHost];
  const hidden = await make("/secrets", { name: "Hidden", value: given.hidden, hosts });
  const exposed = await make("/secrets", { name: "Exposed", value: given.exposed, hosts });
  const kinds = [
    ["JAVASCRIPT", javascript(host), hidden],
    ["JAVASCRIPT", javascript(host), exposed],
    ["JAVASCRIPT", javascript(refusedHost), hidden],
    ["PYTHON", python(host), hidden],
    ["PYTHON", python(host), exposed],
    ["PYTHON", python(refusedHost), hidden],
  ] as const;
  const ids: string[] = [];
  for (const [language, code, secretId] of kinds) {
    const secretSlots = [{ name: "KEY", hosts, exposed: secretId === exposed }];
    const settings = {
      name: `Echo ${ids.length}`,
      providerId,
      language,
      code,
      supportedIndicators: ["IPV4"],
      exposure: "local",
    };
    const id = await make("/sources", { ...settings, hosts, secretSlots, timeoutMs: 60_000 });
    ids.push(id);
    const body = JSON.stringify({ slots: [{ name: "KEY", secretIds: [secretId] }] });
    const assigned = await caller.send(
      "PUT",
      `/sources/${id}/secrets`,
      { ...headers, "content-type": "application/json" },
      body,
    );
    expect(assigned.status).toBe(200);
  }
  for (const [index, [language, code]] of kinds.entries()) {
    const unsaved = { language, code, hosts, sourceId: ids[index], data: "192.0.2.100" };
    expect((await caller.post("/sources/test", unsaved, headers)).status).toBe(200);
  }
  const tried = { data: "192.0.2.101", sourceId: ids[0] };
  expect((await caller.post(`/secrets/${hidden}/test`, tried, headers)).status).toBe(200);
  const body = JSON.stringify({ value: given.replaced });
  const lookedUp = await caller.post("/requests?wait=30s", { data: "192.0.2.100", sourceIds: ids }, headers);
  expect(lookedUp.status).toBe(201);
  const outcomes = (lookedUp.json as { answers: { outcome: string }[] }).answers.map(({ outcome }) => outcome);
  expect(outcomes.toSorted()).toEqual(["failed", "failed", "ok", "ok", "ok", "ok"]);
  const replaced = await caller.send(
    "PATCH",
    `/secrets/${hidden}`,
    { ...headers, "content-type": "application/json" },
    body,
  );
  expect(replaced.status).toBe(200);
  // Those that the proxy refuses never answer anything but that.
  return { ids: ids.filter((_, index) => index % 3 !== 2), secretIds: [hidden, exposed], waitingIndicator };
}

/** Answers of every kind: well, refused, at its limit, broken, sent elsewhere, and code that fails. */
export async function lookUpInEveryWay(
  caller: Caller,
  headers: Headers,
  { ids, secretIds }: PlantedSources,
  { host }: EchoingUpstream,
): Promise<void> {
  const lookUp = (data: string) => caller.post("/requests?wait=30s", { data, sourceIds: ids }, headers);
  for (const last of [100, 104, 103, 101, 100]) {
    const { status } = await lookUp(`192.0.2.${last}`);
    expect(status).toBe(201);
  }
  await lookUp(redirectingIndicator);
  await lookUp("192.0.2.102");
  // A key at its limit rests, and so would its sources.
  const isResting = async (id: string) =>
    JSON.stringify((await caller.get(`/sources/${id}/secrets`, headers)).json).includes('"restsUntil":"');
  for (const id of ids) await vi.waitFor(async () => expect(await isResting(id)).toBe(false), 20_000);
  const sourceIds = ids.join();
  await caller.get(`/requests/execute?data=192.0.2.100&sourceIds=${sourceIds}`, headers);
  await caller.get(`/requests/execute/sse?data=192.0.2.100&sourceIds=${sourceIds}`, headers);
  for (const id of secretIds) {
    await caller.post(`/secrets/${id}/test`, { data: "192.0.2.100", sourceId: ids[0], slot: "NONE" }, headers);
  }
  await caller.post("/sources/check", { language: "JAVASCRIPT", code: `const at = "${host}` }, headers);
}
