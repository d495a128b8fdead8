import { loadEnvironment } from "@assay/process";
import { launch } from "./launch/launch.ts";
import { reportFailure } from "./launch/report.ts";

try {
  await launch(loadEnvironment(process.cwd()), {
    packages: ["bubblewrap", "python3"],
    prismaClient: true,
    dashboard: true,
  });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
