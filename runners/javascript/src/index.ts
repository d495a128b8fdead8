export { createJavascriptExecutor, type JavascriptExecutorOptions } from "./executor.ts";
