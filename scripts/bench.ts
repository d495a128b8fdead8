import { runProgram } from "./setup/run-program.ts";

await runProgram("bench/src/main.ts", { packages: ["bubblewrap", "python3"], prismaClient: true, dashboard: true });
