import fc, { type Arbitrary } from "fast-check";

/** Where a Location leads, known by how it was made and never by parsing it. */
export type Leads =
  | { readonly to: "next"; readonly scheme?: Scheme; readonly host?: string }
  | { readonly to: "same" | "refused" | "broken" | "nowhere" };

export type Scheme = "http" | "https";

export interface Form {
  readonly name: string;
  /** The Location header for the next path, several for a doubled one, none where there is none. */
  readonly write: (path: string, scheme: Scheme) => readonly string[];
  readonly leads: Leads;
}

export interface Hop {
  readonly status: number;
  readonly form: Form;
}

export interface RedirectScript {
  readonly scheme: Scheme;
  readonly method: string;
  readonly body: string | undefined;
  readonly redirect: "follow" | "manual" | "error";
  readonly hops: readonly Hop[];
}

function absolute(scheme: Scheme, host: string): Form[] {
  const leads: Leads = { to: "next", scheme, host };
  const dotted: Leads = { to: "next", scheme, host: `${host}.` };
  const port = scheme === "http" ? 80 : 443;
  const form = (name: string, write: (path: string) => string, where = leads): Form => ({
    name: `${name} to ${scheme} ${host}`,
    write: (path) => [write(path)],
    leads: where,
  });
  return [
    form("absolute", (path) => `${scheme}://${host}${path}`),
    form("capital", (path) => `${scheme.toUpperCase()}://${host.toUpperCase()}${path}`),
    form("fragment", (path) => `${scheme}://${host}${path}#@elsewhere.test`),
    form("backslash", (path) => `${scheme}:\\\\${host}${path.replaceAll("/", "\\")}`),
    form("default port", (path) => `${scheme}://${host}:${port}${path}`),
    form("tab", (path) => `${scheme}://${host.replace("s", "\ts")}${path}`),
    form("percent", (path) => `${scheme}://${host.replace("t", "%74")}${path}`),
    form("final dot", (path) => `${scheme}://${host}.${path}`, dotted),
    {
      name: `doubled to ${scheme} ${host}`,
      write: (path) => [`${scheme}://${host}${path}`, "http://elsewhere.test/"],
      leads,
    },
  ];
}

const refused = [
  ...[
    "http://elsewhere.test/",
    "https://elsewhere.test/",
    "//elsewhere.test/",
    "http://first.test:8081/",
    "http://first.test.elsewhere.test/",
  ],
  ...[
    "http://closed.test/",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://169.254.169.254/latest/",
    "http://2130706433/",
    "//0x7f.1/",
  ],
  ...["http://u:p@first.test/", "http://first.test@elsewhere.test/"],
  ...[
    "ftp://first.test/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "blob:http://first.test/x",
    "unix:/run/x",
  ],
].map((text): Form => ({ name: text, write: () => [text], leads: { to: "refused" } }));
const broken = ["http://[", "http://:80/", "https://a b/", "http://%00/", "http://first.test:99999/"].map(
  (text): Form => ({ name: text, write: () => [text], leads: { to: "broken" } }),
);

const form: Arbitrary<Form> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Form>(
      { name: "path", write: (path) => [path], leads: { to: "next" } },
      { name: "relative path", write: (path) => [`./${path.split("/").at(-1)}`], leads: { to: "next" } },
      { name: "dots", write: (path) => [`/x/../${path.slice(1)}`], leads: { to: "next" } },
      ...(["http", "https"] as const).flatMap((scheme) =>
        ["first.test", "second.test"].flatMap((host) => absolute(scheme, host)),
      ),
      ...["first.test", "second.test"].map((host): Form => {
        return {
          name: `scheme of before to ${host}`,
          write: (path) => [`//${host}${path}`],
          leads: { to: "next", host },
        };
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...refused) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Form>(
      ...broken,
      { name: "empty", write: () => [""], leads: { to: "same" } },
      { name: "none", write: () => [], leads: { to: "nowhere" } },
    ),
  },
);
const status = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(301, 302, 303, 307, 308) },
  { weight: 1, arbitrary: fc.constantFrom(200, 201, 300, 304, 305, 306, 404, 500) },
);

export const redirectScript: Arbitrary<RedirectScript> = fc.record({
  scheme: fc.constantFrom<Scheme>("http", "https"),
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"),
  body: fc.constantFrom(undefined, "body"),
  redirect: fc.constantFrom(
    "follow" as const,
    "follow" as const,
    "follow" as const,
    "manual" as const,
    "error" as const,
  ),
  hops: fc.array(fc.record({ status, form }), { maxLength: 6 }),
});

/** One request as a server sees it. */
export interface Arrival {
  readonly scheme: Scheme;
  readonly host: string;
  readonly hop: number;
  readonly method: string;
  readonly body: string;
  readonly hasCredentials: boolean;
}

export interface Expectation {
  readonly arrivals: readonly Arrival[];
  /** The status that the source gets, or the refusal. */
  readonly end: number | "EGRESS_DENIED" | "BAD_RESPONSE";
}

const redirectsMax = 3;
const redirecting = new Set([301, 302, 303, 307, 308]);

/** What must come of a script, by the rules as they are promised. */
export function expectationOf({ scheme, method, body, redirect, hops }: RedirectScript): Expectation {
  const arrivals: Arrival[] = [];
  let at = { scheme, host: "first.test", hop: 0, method, body: body ?? "", hasCredentials: true };
  for (let followed = 0; ; followed += 1) {
    arrivals.push({ ...at, host: at.host.replace(/\.$/, "") });
    const hop = hops[at.hop];
    const status = hop?.status ?? 200;
    if (hop === undefined || !redirecting.has(status) || hop.form.leads.to === "nowhere")
      return { arrivals, end: status };
    if (redirect === "manual") return { arrivals, end: status };
    const { leads } = hop.form;
    if (redirect === "error" || followed === redirectsMax || leads.to === "broken")
      return { arrivals, end: "BAD_RESPONSE" };
    if (leads.to === "refused") return { arrivals, end: "EGRESS_DENIED" };
    const next = {
      scheme: leads.to === "next" ? (leads.scheme ?? at.scheme) : at.scheme,
      host: leads.to === "next" ? (leads.host ?? at.host) : at.host,
    };
    if (at.scheme === "https" && next.scheme === "http") return { arrivals, end: "EGRESS_DENIED" };
    const becomesGet =
      (status === 303 && at.method !== "GET" && at.method !== "HEAD") || (status < 303 && at.method === "POST");
    at = {
      ...next,
      hop: leads.to === "same" ? at.hop : at.hop + 1,
      method: becomesGet ? "GET" : at.method,
      body: becomesGet ? "" : at.body,
      hasCredentials: at.hasCredentials && next.scheme === at.scheme && next.host === at.host,
    };
  }
}
