import { useMutation, useQueryClient } from "@tanstack/react-query";
import { secretsKey } from "../../api/secrets.ts";
import { announce } from "../../components/announce.tsx";

/** Does something to secrets, says that it is done, and has all that shows secrets read again. */
export function useChangeSecrets<Input, Result>(
  change: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => string,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (result, input) => {
      void queries.invalidateQueries({ queryKey: secretsKey });
      announce(done(result, input), { show: true });
    },
  });
}
