import { conformanceSuite } from "../../common/conformance/conformance-suite.ts";
import { startProgram } from "../../common/conformance/runner-process.ts";

conformanceSuite("JAVASCRIPT", startProgram(new URL("./main.ts", import.meta.url)));
