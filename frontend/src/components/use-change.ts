import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { announce } from "./announce.tsx";

/** Does something, says that it is done, and has all that begins with this key read again. */
export function useChange<Input, Result>(
  queryKey: QueryKey,
  change: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => string,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (result, input) => {
      void queries.invalidateQueries({ queryKey });
      announce(done(result, input), { show: true });
    },
  });
}
