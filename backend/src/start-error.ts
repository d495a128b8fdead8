/** The process cannot start for a reason that its operator can mend. The message is all that they are shown. */
export class StartError extends Error {
  override name = "StartError";
}
