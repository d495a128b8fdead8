/** Why somebody who came back from a provider is not signed in; the dashboard has words for each. */
export type OpenidRefusalReason =
  | "unreachable"
  | "expired"
  | "refused"
  | "failed"
  | "level"
  | "unverified"
  | "no-account"
  | "account-exists"
  | "disabled"
  | "taken";

/** A sign-in or link at a provider that came to nothing. The message is for the log; it holds nothing secret. */
export class OpenidRefusal extends Error {
  override name = "OpenidRefusal";
  readonly reason: OpenidRefusalReason;

  constructor(reason: OpenidRefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
