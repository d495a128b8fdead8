import type { Extraction } from "@assay/indicators";
import { useQuery } from "@tanstack/react-query";
import { loadReader } from "../reading/reader.ts";

/** Longer texts are read in a worker, so that the page goes on answering. */
const inlineCharsMax = 20_000;

function extractInWorker(text: string, signal: AbortSignal): Promise<Extraction> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./extract-worker.ts", import.meta.url), { type: "module" });
    const stop = (): void => {
      worker.terminate();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", stop, { once: true });
    worker.addEventListener("message", ({ data }: MessageEvent<Extraction>) => {
      signal.removeEventListener("abort", stop);
      worker.terminate();
      resolve(data);
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      reject(new Error("The part of the dashboard that reads long texts could not be loaded"));
    });
    worker.postMessage(text, []);
  });
}

/** The indicators in the text, found in the browser: the text itself goes nowhere. */
export function useExtraction(text: string) {
  return useQuery<Extraction>({
    queryKey: ["extraction", text],
    queryFn: async ({ signal }) =>
      text.length > inlineCharsMax ? extractInWorker(text, signal) : (await loadReader()).extract(text),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}
