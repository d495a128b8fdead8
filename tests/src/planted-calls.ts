import { api, apiBasePath, type Endpoint, type EndpointTable } from "@assay/contract";

type Headers = Readonly<Record<string, string>>;

export interface Answered {
  readonly status: number;
  /** null where the body is no JSON. */
  readonly json: unknown;
  /** The first cookie that was set, as it is sent back. */
  readonly cookie: string;
}

/** Calls the API and keeps every answer, but those whose purpose is to show a secret this once. */
export interface Caller {
  readonly answers: readonly string[];
  send(method: string, path: string, headers: Headers, body?: string, shows?: "shows secrets"): Promise<Answered>;
  get(path: string, headers?: Headers, shows?: "shows secrets"): Promise<Answered>;
  post(path: string, body: unknown, headers?: Headers, shows?: "shows secrets"): Promise<Answered>;
}

export function createCaller(origin: string): Caller {
  const answers: string[] = [];
  const send: Caller["send"] = async (method, path, headers, body, shows) => {
    const url = path.startsWith("/") ? `${origin}${apiBasePath}${path}` : `${origin}/${path}`;
    const response = await fetch(url, { method, headers, redirect: "manual", ...(body !== undefined && { body }) });
    const text = await response.text();
    const kept = [...response.headers].filter(([name]) => name !== "set-cookie");
    if (shows === undefined)
      answers.push(`${method} ${endpointOf(path)} ${response.status} ${JSON.stringify(kept)}\n${text}`);
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    const [cookie = ""] = response.headers.getSetCookie();
    const json = isJson && !text.includes("\n") ? (JSON.parse(text) as unknown) : null;
    return { status: response.status, json, cookie: cookie.split(";", 1)[0] ?? "" };
  };
  return {
    answers,
    send,
    get: (path, headers = {}, shows) => send("GET", path, headers, undefined, shows),
    post(path, body, headers = {}, shows) {
      if (body === undefined) return send("POST", path, headers, undefined, shows);
      return send("POST", path, { ...headers, "content-type": "application/json" }, JSON.stringify(body), shows);
    },
  };
}

/** Without what the call itself brought along. */
const endpointOf = (path: string): string => path.split("?", 1)[0]?.split("/", 2).join("/") ?? "";

interface Item {
  readonly id?: string;
  readonly slug?: string;
}

/** Calls every GET of the contract for everything that there is, all pages of the documentation, and the dashboard. */
export async function crawl(caller: Caller, headers: Headers): Promise<void> {
  const items = async (path: string, query = ""): Promise<Item[]> => {
    // Who asks is shown the CSRF token of the session with which it asks.
    const answered = await caller.get(`${path}${query}`, headers, path === "/auth/me" ? "shows secrets" : undefined);
    return (answered.json as { items?: Item[] } | null)?.items ?? [];
  };
  for (const table of Object.values(api) as EndpointTable[]) {
    const isAsked = ({ method, path, access }: Endpoint): boolean =>
      method === "GET" && access !== "requests:run" && !path.includes("{provider}");
    const gets = Object.values(table).filter(isAsked);
    const known = new Map<string, Item[]>();
    for (const endpoint of gets) {
      if (endpoint.path.includes("{")) continue;
      known.set(endpoint.path, await items(endpoint.path, endpoint.query?.shape["limit"] ? "?limit=60" : ""));
    }
    for (const { path } of gets.filter((endpoint) => endpoint.path.includes("{"))) {
      for (const { id = "", slug = "" } of known.get(`/${path.split("/")[1]}`) ?? []) {
        const filled = path.replace("{id}", id).replace("{slug}", slug);
        if (!filled.includes("{versionId}")) await caller.get(filled, headers);
        else
          for (const version of await items(filled.replace("/{versionId}", "")))
            await caller.get(filled.replace("{versionId}", version.id ?? ""), headers);
      }
    }
  }
  for (const path of ["/docs", "/docs/openapi.json", "index.html", "sign-in"]) await caller.get(path, headers);
}
