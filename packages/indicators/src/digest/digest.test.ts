import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { keccak256 } from "./keccak.ts";
import { sha256 } from "./sha256.ts";

test("SHA-256 and SHA3-256 agree with OpenSSL", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
      expect(Buffer.from(sha256(message)).toString("hex")).toBe(createHash("sha256").update(message).digest("hex"));
      const block = message.subarray(0, 135);
      expect(Buffer.from(keccak256(block, 0x06)).toString("hex")).toBe(
        createHash("sha3-256").update(block).digest("hex"),
      );
    }),
    { numRuns: 200 },
  );
});
