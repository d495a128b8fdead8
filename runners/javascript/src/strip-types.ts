import { sandboxLimits, spawnFenced, type Fence, type FenceSpec } from "@assay/runner-common";
import { createFrameReader, encodeFrame, frameTypes } from "../sandbox/frames.js";

const deadlineMs = 5_000;
const frameBytesMax = 2 * sandboxLimits.codeBytesMax;

/** JavaScript with the author's lines and columns, or undefined when the code is not TypeScript that can be stripped. */
export type StripTypes = (code: string) => Promise<string | undefined>;

async function stripOnce(fence: Fence, spec: FenceSpec, code: string): Promise<string | undefined> {
  const child = spawnFenced(fence, spec);
  const answer = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => answer.resolve(undefined), deadlineMs);
  child.stdout.resume();
  child.stderr.resume();
  const read = createFrameReader(frameBytesMax, (type, _id, payload) => {
    const isCode = type === frameTypes.result && payload.length >= 4 && payload.readUInt32LE(0) === 0;
    answer.resolve(isCode ? payload.toString("utf8", 4) : undefined);
  });
  child.channel.on("data", (chunk: Buffer) => {
    if (!read(chunk)) answer.resolve(undefined);
  });
  void child.exited.then(() => answer.resolve(undefined));
  child.channel.write(encodeFrame(frameTypes.run, 0, code));
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    child.kill();
    await child.exited;
  }
}

/** Strips types in a fenced process of its own, one source at a time: a parser of somebody else's code is no place for trust. */
export function createTypeStripper(fence: Fence, spec: FenceSpec): StripTypes {
  let last: Promise<unknown> = Promise.resolve();
  return (code) => {
    const stripped = last.then(() => stripOnce(fence, spec, code));
    last = stripped.catch(() => undefined);
    return stripped;
  };
}
