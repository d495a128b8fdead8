import { Failure } from "../failure.ts";
import { runNode } from "./run.ts";
import { sayWhile } from "./say.ts";
import { onceFor } from "./stamp.ts";

/** Builds the dashboard into frontend/dist, if its sources or dependencies have changed since. */
export async function buildDashboard(): Promise<void> {
  const inputs = ["frontend/**", "packages/contract/src/**", "packages/indicators/src/**", "package-lock.json"];
  await onceFor({ name: "dashboard", inputs, output: "frontend/dist/index.html" }, () =>
    sayWhile("building the dashboard", async () => {
      const { exitCode, output } = await runNode("vite/bin/vite.js", ["build", "frontend", "--logLevel", "warn"]);
      if (exitCode !== 0) throw new Failure(`The dashboard could not be built:\n${output.trim()}`);
    }),
  );
}
