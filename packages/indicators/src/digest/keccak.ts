const rateBytes = 136;

/** The round constants of Keccak-f[1600] as low and high halves, made by its own shift register (FIPS 202, algorithm 5). */
function makeRoundConstants(): Int32Array {
  const halves = new Int32Array(48);
  let register = 1;
  for (let round = 0; round < 24; round++) {
    for (let j = 0; j < 7; j++) {
      const bit = (1 << j) - 1;
      if (register & 1) halves[2 * round + (bit >> 5)]! ^= 1 << (bit & 31);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
  }
  return halves;
}

const roundConstants = makeRoundConstants();

/** Where each step of rho and pi takes the lane, and by how many bits it turns it. */
const [targets, turns] = (() => {
  const [to, by] = [new Uint8Array(24), new Uint8Array(24)];
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    to[t] = 2 * (x + 5 * y);
    by[t] = (((t + 1) * (t + 2)) / 2) % 64;
  }
  return [to, by];
})();

/** One half of a 64-bit lane turned left by `bits` (0 to 63): the low half, or, with the halves swapped, the high one. */
function turnedHalf(low: number, high: number, bits: number): number {
  if (bits === 0) return low;
  if (bits < 32) return (low << bits) | (high >>> (32 - bits));
  return bits === 32 ? high : (high << (bits - 32)) | (low >>> (64 - bits));
}

const parity = new Int32Array(10);
const row = new Int32Array(10);

/** Halves of 32 bits: with BigInt lanes, a text full of addresses would take seconds to check. */
function permute(lanes: Int32Array): void {
  for (let round = 0; round < 24; round++) {
    for (let i = 0; i < 10; i++)
      parity[i] = lanes[i]! ^ lanes[i + 10]! ^ lanes[i + 20]! ^ lanes[i + 30]! ^ lanes[i + 40]!;
    for (let x = 0; x < 10; x += 2) {
      const low = parity[(x + 2) % 10]!;
      const high = parity[(x + 3) % 10]!;
      const left = parity[(x + 8) % 10]! ^ turnedHalf(low, high, 1);
      const right = parity[(x + 9) % 10]! ^ turnedHalf(high, low, 1);
      for (let y = x; y < 50; y += 10) {
        lanes[y]! ^= left;
        lanes[y + 1]! ^= right;
      }
    }
    let low = lanes[2]!;
    let high = lanes[3]!;
    for (let t = 0; t < 24; t++) {
      const to = targets[t]!;
      const nextLow = lanes[to]!;
      const nextHigh = lanes[to + 1]!;
      lanes[to] = turnedHalf(low, high, turns[t]!);
      lanes[to + 1] = turnedHalf(high, low, turns[t]!);
      low = nextLow;
      high = nextHigh;
    }
    for (let y = 0; y < 50; y += 10) {
      for (let i = 0; i < 10; i++) row[i] = lanes[y + i]!;
      for (let i = 0; i < 10; i++) lanes[y + i] = row[i]! ^ (~row[(i + 2) % 10]! & row[(i + 4) % 10]!);
    }
    lanes[0]! ^= roundConstants[2 * round]!;
    lanes[1]! ^= roundConstants[2 * round + 1]!;
  }
}

/**
 * 256 bits of the Keccak sponge, for messages shorter than one block (136 bytes).
 * Domain byte 0x06 is SHA3-256 (FIPS 202); 0x01 is the original Keccak-256 that Ethereum uses.
 */
export function keccak256(message: Uint8Array, domainByte: 0x01 | 0x06): Uint8Array {
  if (message.length >= rateBytes)
    throw new RangeError(`keccak256 takes fewer than ${rateBytes} bytes, not ${message.length}`);
  const block = new Uint8Array(200);
  block.set(message);
  block[message.length] = domainByte;
  block[rateBytes - 1] = block[rateBytes - 1]! | 0x80;
  const view = new DataView(block.buffer);
  const lanes = new Int32Array(50);
  for (let i = 0; i < 50; i++) lanes[i] = view.getInt32(i * 4, true);
  permute(lanes);
  for (let i = 0; i < 8; i++) view.setInt32(i * 4, lanes[i]!, true);
  return block.slice(0, 32);
}
