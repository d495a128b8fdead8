import type { Request } from "express";

/**
 * How one may sign in, for WWW-Authenticate. Basic is offered to programs only: in a browser it would open the browser's own
 * password box over the dashboard. `basic`: whether it is on at all.
 */
export function challengeOf(req: Request, basic: boolean): Record<string, string> {
  const { headers } = req;
  const browser =
    headers["sec-fetch-mode"] !== undefined ||
    headers["x-requested-with"] !== undefined ||
    headers["user-agent"]?.startsWith("Mozilla/") === true;
  const bearer = 'Bearer realm="Assay"';
  return { "www-authenticate": browser || !basic ? bearer : `${bearer}, Basic realm="Assay", charset="UTF-8"` };
}
