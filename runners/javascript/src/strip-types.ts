import { z } from "zod";
import { sandboxLimits, spawnFenced, type Fence, type FenceSpec } from "@assay/runner-common";
import { createFrameReader, encodeFrame, frameTypes } from "../sandbox/frames.js";

const deadlineMs = 5_000;
const frameBytesMax = 2 * sandboxLimits.codeBytesMax;

/** JavaScript with the author's lines and columns, or why there is none: `line` is the author's, 0 where unknown. */
export type Stripped = { readonly code: string } | { readonly message: string; readonly line: number };
/** Undefined when the process that strips said nothing that can be read. */
export type StripTypes = (code: string) => Promise<Stripped | undefined>;

const refusal = z.object({ message: z.string(), line: z.number().int().min(0) });

function strippedOf(payload: Buffer): Stripped | undefined {
  if (payload.length < 4) return undefined;
  const text = payload.toString("utf8", 4);
  return payload.readUInt32LE(0) === 0 ? { code: text } : refusal.parse(JSON.parse(text));
}

async function stripOnce(fence: Fence, spec: FenceSpec, code: string): Promise<Stripped | undefined> {
  const child = spawnFenced(fence, spec);
  const answer = Promise.withResolvers<Stripped | undefined>();
  const timer = setTimeout(() => answer.resolve(undefined), deadlineMs);
  child.stdout.resume();
  child.stderr.resume();
  const read = createFrameReader(frameBytesMax, (type, _id, payload) => {
    try {
      answer.resolve(type === frameTypes.result ? strippedOf(payload) : undefined);
    } catch {
      answer.resolve(undefined);
    }
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
