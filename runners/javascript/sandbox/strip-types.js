// Strips the types of one source and ends. Runs in a fence of its own, away from isolates, because it needs WebAssembly.
// One frame in (the code), one frame out: status 0 and JavaScript of the same lines and columns, or 1 and, as JSON, what is wrong.
import { stripTypeScriptTypes } from "node:module";
import { Socket } from "node:net";
import { createFrameReader, encodeFrame, frameTypes } from "./frames.js";

const frameBytesMax = 4 * 1024 * 1024;
const channel = new Socket({ fd: 3 });

function strip(code) {
  try {
    return [0, stripTypeScriptTypes(code)];
  } catch (error) {
    // Node puts the place at the start of the stack: ":2".
    const line = Number(/^[^\n]*:(\d+)\n/.exec(error.stack)?.[1] ?? 0);
    return [1, JSON.stringify({ message: String(error.message).slice(0, 1000), line })];
  }
}

const read = createFrameReader(frameBytesMax, (_type, id, payload) => {
  const [status, text] = strip(payload.toString("utf8"));
  channel.end(encodeFrame(frameTypes.result, id, text, status));
});
channel.on("data", read);
channel.on("close", () => process.exit(0));
