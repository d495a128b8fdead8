import { ApiError } from "@assay/contract";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

/** The session is over or was never there. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === "UNAUTHENTICATED";
}

/** What the server refused stays refused; what did not arrive is worth another try. */
function worthRetry(failureCount: number, error: Error): boolean {
  if (!(error instanceof ApiError)) return failureCount < 2;
  return error.problem.status >= 500 && failureCount < 1;
}

/** `onSessionEnd` is called when any call finds that nobody is signed in. */
export function createQueryClient(onSessionEnd: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (isUnauthenticated(error)) onSessionEnd();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: worthRetry, staleTime: 15_000, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
