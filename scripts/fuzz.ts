import { runProgram } from "./setup/run-program.ts";

await runProgram("fuzz/main.ts", { packages: ["bubblewrap", "python3"] });
