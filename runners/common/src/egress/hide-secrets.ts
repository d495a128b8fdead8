import type { CallSecrets } from "../secrets/call-secrets.ts";
import { EgressError } from "./egress-error.ts";
import type { UpstreamResponse } from "./exchange.ts";
import type { DnsRecord } from "./messages.ts";

/** An answer as the sandbox may see it: a server that gives back what it was sent gives placeholders. */
export async function hideSecrets(response: UpstreamResponse, secrets: CallSecrets): Promise<UpstreamResponse> {
  if (secrets.slots.length === 0) return response;
  const { status } = response;
  const hide = async (text: string): Promise<string> => {
    const bytes = Buffer.from(text, "latin1");
    const hidden = await secrets.hideFromSource(bytes);
    return hidden === bytes ? text : hidden.toString("latin1");
  };
  const body = await secrets.hideFromSource(response.body);
  const headers: [string, string][] = [];
  for (const [name, text] of response.headers) {
    if (body === response.body || name.toLowerCase() !== "content-length")
      headers.push([await hide(name), await hide(text)]);
  }
  return { status, statusText: await hide(response.statusText), headers, body };
}

/** The records of a lookup as the sandbox may see them. */
export async function hideInRecords(records: readonly DnsRecord[], secrets: CallSecrets): Promise<DnsRecord[]> {
  const hide = async <Value>(value: Value): Promise<Value> =>
    (typeof value === "string" ? (await secrets.hideFromSource(Buffer.from(value))).toString("utf8") : value) as Value;
  const hidden: DnsRecord[] = [];
  for (const record of records) {
    if (typeof record === "string") {
      hidden.push(await hide(record));
      continue;
    }
    const fields: [string, unknown][] = [];
    for (const [key, value] of Object.entries(record)) fields.push([key, await hide(value)]);
    hidden.push(Object.fromEntries(fields) as DnsRecord);
  }
  return hidden;
}

/** An error as anybody may see it. */
export function hideInError({ code, message, host }: EgressError, secrets: CallSecrets): EgressError {
  return new EgressError(code, secrets.hideFromPeople(message), host && secrets.hideFromPeople(host));
}
