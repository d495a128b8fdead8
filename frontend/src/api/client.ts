import { createClient, Problem } from "@assay/contract";

/** The CSRF token of the session; sent with every call, needed by the unsafe ones. */
let csrfToken: string | null = null;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Another tab may have signed in anew, which changes the token: then ask for it and try once more. */
async function fetchWithCsrf(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status !== 403 || init.method === "GET") return response;
  const problem = Problem.safeParse(
    await response
      .clone()
      .json()
      .catch(() => null),
  );
  if (!problem.success || problem.data.code !== "CSRF") return response;
  const me = await client.auth.me();
  setCsrfToken(me.csrfToken);
  const headers = new Headers(init.headers);
  headers.set("x-csrf-token", me.csrfToken ?? "");
  return fetch(input, { ...init, headers });
}

/** One function per endpoint. Throws `ApiError` when the server refuses, `TypeError` when it cannot be reached. */
export const client = createClient({
  baseUrl: "",
  fetch: fetchWithCsrf,
  headers: (): Record<string, string> => (csrfToken === null ? {} : { "x-csrf-token": csrfToken }),
});
