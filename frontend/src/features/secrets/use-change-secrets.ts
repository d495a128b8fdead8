import { secretsKey } from "../../api/secrets.ts";
import { useChange } from "../../components/use-change.ts";

/** Does something to secrets, says that it is done, and has all that shows secrets read again. */
export const useChangeSecrets = <Input, Result>(
  change: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => string,
) => useChange(secretsKey, change, done);
