import type { CallSecrets } from "../secrets/call-secrets.ts";
import { EgressError } from "./egress-error.ts";
import type { UpstreamResponse } from "./exchange.ts";
import type { DnsRecord } from "./messages.ts";

/** An answer as the sandbox may see it: a server that gives back what it was sent gives placeholders. */
export function hideSecrets(response: UpstreamResponse, secrets: CallSecrets): UpstreamResponse {
  const { status } = response;
  const hide = (text: string): string => {
    const bytes = Buffer.from(text, "latin1");
    const hidden = secrets.hideFromSource(bytes);
    return hidden === bytes ? text : hidden.toString("latin1");
  };
  const body = secrets.hideFromSource(response.body);
  const headers = response.headers
    .filter(([name]) => body === response.body || name.toLowerCase() !== "content-length")
    .map(([name, text]) => [hide(name), hide(text)] as const);
  return { status, statusText: hide(response.statusText), headers, body };
}

/** The records of a lookup as the sandbox may see them. */
export function hideInRecords(records: readonly DnsRecord[], secrets: CallSecrets): DnsRecord[] {
  const hide = <Value>(value: Value): Value =>
    (typeof value === "string" ? secrets.hideFromSource(Buffer.from(value)).toString("utf8") : value) as Value;
  return records.map((record) =>
    typeof record === "string"
      ? hide(record)
      : (Object.fromEntries(Object.entries(record).map(([key, value]) => [key, hide(value)])) as DnsRecord),
  );
}

/** An error as anybody may see it. */
export function hideInError({ code, message, host }: EgressError, secrets: CallSecrets): EgressError {
  return new EgressError(code, secrets.hideFromPeople(message), host && secrets.hideFromPeople(host));
}
