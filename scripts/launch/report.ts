import { ConfigError } from "@assay/process";
import { Failure } from "../failure.ts";
import { say } from "../setup/say.ts";
import type { ReadyMessage } from "./part.ts";

/** Says on standard error why a script cannot go on: in one sentence where a person can help, else with all there is. */
export function reportFailure(error: unknown): void {
  const expected = error instanceof Failure || error instanceof ConfigError;
  const text = expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`\n${text}\n`);
}

/** Says where Assay is and how to sign in. */
export function announce({ url, admin }: ReadyMessage): void {
  if (url !== undefined) say(`\nAssay is ready at ${url}`);
  if (admin?.password !== undefined) {
    say(`Sign in as ${admin.email} with password ${admin.password}   (shown only this once)`);
  } else if (admin) {
    say(`Sign in as ${admin.email} with the password from ASSAY_ADMIN_PASSWORD`);
  }
}
