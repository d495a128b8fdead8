/** Kinds of frames between this process and the zygote; the same letters as in sandbox/assay_sandbox/channel.py. */
export const frameKind = {
  init: "I",
  call: "C",
  stop: "K",
  diagnosed: "D",
  started: "S",
  ended: "X",
  spent: "P",
  used: "U",
  loadFailed: "F",
  log: "L",
  egress: "E",
  answer: "A",
} as const;

export interface Frame {
  readonly kind: string;
  /** Number of the call it belongs to; 0 where it belongs to the source. */
  readonly call: number;
  readonly payload: Buffer;
}

const headBytes = 5;

/** u32 length of what follows, one byte kind, u32 call, payload. Big-endian. */
export function encodeFrame(kind: string, call: number, payload: Uint8Array | string = ""): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const head = Buffer.allocUnsafe(headBytes + 4);
  head.writeUInt32BE(headBytes + body.length, 0);
  head.write(kind, 4, "latin1");
  head.writeUInt32BE(call, 5);
  return Buffer.concat([head, body]);
}

/**
 * Cuts a byte stream into frames.
 * @param frameBytesMax longest frame taken, so that a length out of thin air cannot make this process wait for gigabytes
 * @returns a function that takes the next bytes and throws an Error when they are not frames; what comes after that is not read
 */
export function createFrameDecoder(frameBytesMax: number, onFrame: (frame: Frame) => void): (bytes: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  let isBroken = false;
  return (bytes) => {
    if (isBroken) return;
    parts.push(bytes);
    held += bytes.length;
    if (held < wanted) return;
    let rest = parts.length === 1 ? bytes : Buffer.concat(parts);
    wanted = 4;
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0);
      if (length < headBytes || length > frameBytesMax) {
        isBroken = true;
        parts = [];
        throw new Error(`A frame of ${length} bytes`);
      }
      wanted = 4 + length;
      if (rest.length < wanted) break;
      const kind = rest.toString("latin1", 4, 5);
      onFrame({ kind, call: rest.readUInt32BE(5), payload: rest.subarray(4 + headBytes, wanted) });
      rest = rest.subarray(wanted);
      wanted = 4;
    }
    parts = [rest];
    held = rest.length;
  };
}
