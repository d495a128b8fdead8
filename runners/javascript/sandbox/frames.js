// What runner and host say to each other over the socket pair. Both sides read this file.
// A frame: u32 number of bytes that follow, u8 type, u32 id, payload. Numbers are little endian.

/** @type {import("./frames.d.ts").frameTypes} */
export const frameTypes = Object.freeze({
  // runner → host; the id is a unit (one source's code) or a call
  load: 1, // unit: code
  drop: 2, // unit
  run: 3, // call: u32 unit, u32 timeoutMs, input JSON
  reply: 4, // call: u32 request, reply JSON
  cancel: 5, // call
  check: 6, // call: u32 unit
  // host → runner
  ready: 16,
  result: 17, // call: u8 status, JSON
  egress: 18, // call: u32 request, request JSON
  log: 19, // call: u8 level, text
  checked: 20, // call: diagnostics JSON
  poisoned: 21, // unit: V8 lost control of its memory
  spent: 23, // call: u32 microseconds of processor time so far, of one that goes on
  used: 24, // call: the same of one that has ended; just before its result
  worn: 22, // id: peak memory in MiB; ends the host's life when its calls are done
});

/** @type {import("./frames.d.ts").resultStatus} */
export const resultStatus = Object.freeze({ returned: 0, notFound: 1, failed: 2, lost: 3 });

const headBytes = 9;

/** @type {import("./frames.d.ts").encodeFrame} */
export function encodeFrame(type, id, text = "", ...numbers) {
  const numbersBytes = numbers.length * 4;
  const textBytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headBytes + numbersBytes + textBytes);
  frame.writeUInt32LE(headBytes - 4 + numbersBytes + textBytes, 0);
  frame[4] = type;
  frame.writeUInt32LE(id, 5);
  let offset = headBytes;
  for (const number of numbers) offset = frame.writeUInt32LE(number, offset);
  frame.write(text, offset);
  return frame;
}

/** @type {import("./frames.d.ts").createFrameReader} */
export function createFrameReader(bytesMax, onFrame) {
  let rest = Buffer.alloc(0);
  /** Bytes needed before anything can be read, so that a large frame is put together once, not per chunk. */
  let needed = 4;
  let chunks = [];
  let held = 0;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return true;
    rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    let offset = 0;
    needed = 4;
    while (rest.length - offset >= 4) {
      const length = rest.readUInt32LE(offset);
      if (length < headBytes - 4 || length > bytesMax) return false;
      if (rest.length - offset < 4 + length) {
        needed = 4 + length;
        break;
      }
      const end = offset + 4 + length;
      onFrame(rest[offset + 4], rest.readUInt32LE(offset + 5), rest.subarray(offset + headBytes, end));
      offset = end;
    }
    rest = rest.subarray(offset);
    held = rest.length;
    chunks = held === 0 ? [] : [rest];
    return true;
  };
}

/** @type {import("./frames.d.ts").createFrameWriter} */
export function createFrameWriter(write) {
  /** @type {Buffer[]} */
  let waiting = [];
  const flush = () => {
    const frames = waiting;
    waiting = [];
    write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
  };
  return (frame) => {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(frame);
  };
}
