export declare const frameTypes: {
  readonly load: 1;
  readonly drop: 2;
  readonly run: 3;
  readonly reply: 4;
  readonly cancel: 5;
  readonly check: 6;
  readonly ready: 16;
  readonly result: 17;
  readonly egress: 18;
  readonly log: 19;
  readonly checked: 20;
  readonly poisoned: 21;
  readonly worn: 22;
  readonly spent: 23;
  readonly used: 24;
};

export declare const resultStatus: { readonly returned: 0; readonly notFound: 1; readonly failed: 2; readonly lost: 3 };

/** One frame; `numbers` come before the text, four bytes each. */
export declare function encodeFrame(type: number, id: number, text?: string, ...numbers: number[]): Buffer;

/**
 * Cuts a stream of bytes into frames. The payload is only valid during `onFrame`.
 * The reader returns false when the stream is broken: a frame longer than `bytesMax` or shorter than its head.
 */
export declare function createFrameReader(
  bytesMax: number,
  onFrame: (type: number, id: number, payload: Buffer) => void,
): (chunk: Buffer) => boolean;

/** Collects the frames of one turn of the event loop into one write. */
export declare function createFrameWriter(write: (bytes: Buffer) => void): (frame: Buffer) => void;
