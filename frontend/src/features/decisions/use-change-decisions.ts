import { decisionsKey } from "../../api/decisions.ts";
import { useChange } from "../../components/use-change.ts";

/** Does something to decisions, says that it is done, and has all that shows decisions read again. */
export const useChangeDecisions = <Input, Result>(
  change: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => string,
) => useChange(decisionsKey, change, done);
