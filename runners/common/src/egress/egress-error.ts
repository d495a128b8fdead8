export type EgressErrorCode = "EGRESS_DENIED" | "TIMEOUT" | "UPSTREAM_ERROR" | "BAD_RESPONSE";

/** Why a message gets no answer from outside. The message is shown to the author of the source and to analysts. */
export class EgressError extends Error {
  readonly code: EgressErrorCode;
  readonly host: string | undefined;

  constructor(code: EgressErrorCode, message: string, host?: string) {
    super(message);
    this.name = "EgressError";
    this.code = code;
    this.host = host;
  }
}

/** Refuses by policy. */
export function denied(message: string, host?: string): EgressError {
  return new EgressError("EGRESS_DENIED", message, host);
}
