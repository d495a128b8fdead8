import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { meQuery } from "../api/auth.ts";
import { paths } from "../api/paths.ts";
import { createQueryClient } from "../api/query-client.ts";
import { Announcer } from "../components/announce.tsx";
import { createAppRouter } from "./router.tsx";

const tooltipDelayMs = 350;

/** Somebody was signed in and is no longer: sign in again, and come back to the same place. */
function endSession(): void {
  if (queryClient.getQueryData(meQuery.queryKey) === undefined) return;
  queryClient.removeQueries({ queryKey: meQuery.queryKey });
  void router.navigate({ to: paths.signIn, search: { next: router.state.location.href, ended: true } });
}

const queryClient = createQueryClient(endSession);
const router = createAppRouter(queryClient);

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Tooltip.Provider delayDuration={tooltipDelayMs}>
        <RouterProvider router={router} />
        <Announcer />
      </Tooltip.Provider>
    </QueryClientProvider>
  );
}
