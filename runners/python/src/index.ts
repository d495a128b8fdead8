export { createPythonExecutor, type PythonExecutorOptions } from "./executor.ts";
export { findInterpreter, type Interpreter } from "./interpreter.ts";
