import { extract, type ExtractOptions } from "@assay/indicators";
import { parentPort } from "node:worker_threads";

/** What the worker is asked; it answers with the extraction. */
export interface ExtractTask {
  readonly text: string;
  readonly options: ExtractOptions;
}

parentPort?.on("message", ({ text, options }: ExtractTask) => {
  parentPort?.postMessage(extract(text, options), []);
});
