import { api, apiBasePath } from "./api.ts";
import type { Endpoint, EndpointCall, EndpointReply, EndpointTable } from "./endpoint.ts";
import { Problem } from "./problem.ts";

/** The server refused; `problem` says why. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Origin of the server, without a trailing slash; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** Added to every call, read anew each time (tokens change). */
  readonly headers?: () => Record<string, string>;
}

type Call<E extends Endpoint> =
  Record<never, never> extends EndpointCall<E>
    ? (call?: EndpointCall<E>, signal?: AbortSignal) => Promise<EndpointReply<E>>
    : (call: EndpointCall<E>, signal?: AbortSignal) => Promise<EndpointReply<E>>;
type Calls<T extends EndpointTable> = { readonly [K in keyof T]: Call<T[K]> };
export type Client = { readonly [N in keyof typeof api]: Calls<(typeof api)[N]> };

interface LooseCall {
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
}

/** Path below the base, parameters filled in and the query appended. */
export function endpointUrl(endpoint: Endpoint, call: LooseCall = {}): string {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(call.params?.[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(name, String(value));
  return `${apiBasePath}${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** A client with one function per endpoint. Throws `ApiError`, or whatever fetch throws when there is no connection. */
export function createClient(options: ClientOptions): Client {
  const perform = async (endpoint: Endpoint, call: LooseCall = {}, signal?: AbortSignal): Promise<unknown> => {
    const response = await (options.fetch ?? fetch)(options.baseUrl + endpointUrl(endpoint, call), {
      method: endpoint.method,
      headers: {
        accept: "application/json",
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers?.(),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get("content-type") ?? "");
    const body = isJson && text !== "" ? (JSON.parse(text) as unknown) : null;
    if (Object.hasOwn(endpoint.responses, response.status)) return body;
    const problem = Problem.safeParse(body);
    throw problem.success
      ? new ApiError(problem.data)
      : new Error(`The server answered ${response.status} without a problem document`);
  };
  const nouns = Object.entries(api).map(([noun, table]) => [
    noun,
    Object.fromEntries(
      Object.entries(table as EndpointTable).map(([verb, endpoint]) => [
        verb,
        (call?: LooseCall, signal?: AbortSignal) => perform(endpoint, call, signal),
      ]),
    ),
  ]);
  return Object.fromEntries(nouns) as Client;
}
