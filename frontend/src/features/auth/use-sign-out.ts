import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { setCsrfToken, client } from "../../api/client.ts";
import { paths } from "../../api/paths.ts";
import { isUnauthenticated } from "../../api/query-client.ts";
import { announce } from "../../components/announce.tsx";

/** Ends the session and forgets everything that was loaded in it. */
export function useSignOut(): { signOut: () => void; pending: boolean } {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: async () => {
      try {
        await client.auth.logout();
      } catch (error) {
        // Already signed out elsewhere: that is what was wanted.
        if (!isUnauthenticated(error)) throw error;
      }
    },
    onSuccess: async () => {
      setCsrfToken(null);
      queries.clear();
      await navigate({ to: paths.signIn });
    },
    onError: (error) => announce(`Signing out failed: ${error.message}. Try again.`, { show: true }),
  });
  return { signOut: () => mutation.mutate(), pending: mutation.isPending };
}
