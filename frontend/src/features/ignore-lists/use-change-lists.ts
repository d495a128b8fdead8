import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ignoreListsKey } from "../../api/ignore-lists.ts";
import { announce } from "../../components/announce.tsx";

/** Does something to ignore lists, says that it is done, and has all that shows lists read again. */
export function useChangeLists<Input, Result>(
  change: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => string,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (result, input) => {
      void queries.invalidateQueries({ queryKey: ignoreListsKey });
      announce(done(result, input), { show: true });
    },
  });
}
