/** Something that the author has to mend; the message says what, and is all that is shown. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}
