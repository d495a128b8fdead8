import { useMutation, useQueryClient } from "@tanstack/react-query";
import { decisionsKey } from "../../api/decisions.ts";
import { announce } from "../../components/announce.tsx";

/** Does something to decisions, says that it is done, and has all that shows decisions read again. */
export function useChangeDecisions<Input, Result>(
  change: (input: Input) => Promise<Result>,
  done: (result: Result) => string,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (result) => {
      void queries.invalidateQueries({ queryKey: decisionsKey });
      announce(done(result), { show: true });
    },
  });
}
