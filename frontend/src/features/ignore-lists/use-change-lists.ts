import { ignoreListsKey } from "../../api/ignore-lists.ts";
import { useChange } from "../../components/use-change.ts";

/** Does something to ignore lists, says that it is done, and has all that shows lists read again. */
export const useChangeLists = <Input, Result>(
  change: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => string,
) => useChange(ignoreListsKey, change, done);
