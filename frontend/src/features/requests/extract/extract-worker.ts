import { extract } from "@assay/indicators";

// A worker of the page: extracts from the text it is sent, and answers once.
globalThis.addEventListener("message", ({ data }: MessageEvent<string>) => {
  globalThis.postMessage(extract(data), { transfer: [] });
});
