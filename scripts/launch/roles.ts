import type { Environment } from "@assay/process";
import type { RoleOptions } from "./part.ts";

export type RoleName = "api" | "worker" | "all" | "runner-javascript" | "runner-python";

const roles = {
  api: { name: "API", entry: ["backend/src/main.ts", "api"] },
  worker: { name: "worker", entry: ["backend/src/main.ts", "worker"] },
  all: { name: "backend", entry: ["backend/src/main.ts", "all"] },
  "runner-javascript": { name: "JavaScript runner", entry: ["runners/javascript/src/main.ts"] },
  "runner-python": { name: "Python runner", entry: ["runners/python/src/main.ts"] },
} as const satisfies Record<RoleName, Pick<RoleOptions, "name" | "entry">>;

/** What the side of the users' code has no business to know. */
const keptFromRunners = [
  "DATABASE_URL",
  "REDIS_URL",
  "ASSAY_SESSION_SECRET",
  "ASSAY_ENCRYPTION_KEYS",
  "ASSAY_ADMIN_EMAIL",
  "ASSAY_ADMIN_PASSWORD",
];

/** What to start for a role. Runners get `env` without the backend's credentials. */
export function roleOptions(role: RoleName, env: Environment): Pick<RoleOptions, "name" | "entry" | "env"> {
  const isRunner = role === "runner-javascript" || role === "runner-python";
  const shown = Object.entries(env).filter(([name]) => !isRunner || !keptFromRunners.includes(name));
  return { ...roles[role], env: Object.fromEntries(shown) };
}
