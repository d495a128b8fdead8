const laneMask = (1n << 64n) - 1n;
const rateBytes = 136;

/** The round constants of Keccak-f[1600], made by its own shift register (FIPS 202, algorithm 5). */
function makeRoundConstants(): bigint[] {
  const constants: bigint[] = [];
  let register = 1;
  for (let round = 0; round < 24; round++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << BigInt((1 << j) - 1);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
    constants.push(constant);
  }
  return constants;
}

const roundConstants = makeRoundConstants();

function rotate(lane: bigint, bits: number): bigint {
  const by = BigInt(bits % 64);
  return ((lane << by) | (lane >> (64n - by))) & laneMask;
}

function permute(lanes: bigint[]): void {
  for (const roundConstant of roundConstants) {
    const parity = [0, 1, 2, 3, 4].map(
      (x) => lanes[x]! ^ lanes[x + 5]! ^ lanes[x + 10]! ^ lanes[x + 15]! ^ lanes[x + 20]!,
    );
    for (let i = 0; i < 25; i++) lanes[i] = lanes[i]! ^ parity[(i + 4) % 5]! ^ rotate(parity[(i + 1) % 5]!, 1);
    let [x, y, current] = [1, 0, lanes[1]!];
    for (let t = 0; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const moved = lanes[x + 5 * y]!;
      lanes[x + 5 * y] = rotate(current, ((t + 1) * (t + 2)) / 2);
      current = moved;
    }
    for (let row = 0; row < 25; row += 5) {
      const [a, b, c, d, e] = lanes.slice(row, row + 5) as [bigint, bigint, bigint, bigint, bigint];
      lanes.splice(row, 5, a ^ (~b & c), b ^ (~c & d), c ^ (~d & e), d ^ (~e & a), e ^ (~a & b));
    }
    lanes[0] = lanes[0]! ^ roundConstant;
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
  const lanes = Array.from({ length: 25 }, (_, i) => view.getBigUint64(i * 8, true));
  permute(lanes);
  for (const [i, lane] of lanes.slice(0, 4).entries()) view.setBigUint64(i * 8, BigInt.asUintN(64, lane), true);
  return block.slice(0, 32);
}
