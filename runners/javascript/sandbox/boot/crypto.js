// crypto: random numbers, digests and HMAC, computed by the host.
(function cryptography(boot) {
  const { sync, stringify } = boot;

  boot.crypto = boot.once(() => {
    const { toBase64, fromBase64, bytesOf } = boot.encoding();
    const nameOf = (algorithm) => `${typeof algorithm === "string" ? algorithm : algorithm?.name}`.toUpperCase();
    const ask = (operation, values) => {
      const text = sync(operation, stringify(values));
      if (text === "")
        throw new TypeError("crypto: this algorithm is not supported; SHA-1, SHA-256, SHA-384 and SHA-512 are.");
      return fromBase64(text);
    };

    /** HMAC keys, which is all that sources sign with. */
    class CryptoKey {
      #bytes;
      constructor(bytes, hash) {
        this.#bytes = bytes;
        this.algorithm = { name: "HMAC", hash: { name: hash } };
      }
      static bytesOf(key) {
        return key.#bytes;
      }
    }
    const keyBytes = CryptoKey.bytesOf;
    delete CryptoKey.bytesOf;

    const subtle = {
      async digest(algorithm, data) {
        return ask("digest", [nameOf(algorithm), toBase64(bytesOf(data))]).buffer;
      },
      async importKey(format, data, algorithm) {
        if (format !== "raw" || nameOf(algorithm) !== "HMAC")
          throw new TypeError("crypto: only raw HMAC keys are supported.");
        return new CryptoKey(bytesOf(data).slice(), nameOf(algorithm.hash));
      },
      async sign(_algorithm, key, data) {
        return ask("hmac", [key.algorithm.hash.name, toBase64(keyBytes(key)), toBase64(bytesOf(data))]).buffer;
      },
    };
    const random = (length) => {
      if (length > 65_536) throw new RangeError("crypto.getRandomValues gives 65536 bytes at most.");
      return ask("random", [length]);
    };
    const crypto = {
      subtle,
      getRandomValues(array) {
        bytesOf(array).set(random(array.byteLength));
        return array;
      },
      randomUUID() {
        const bytes = random(16);
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
        return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      },
    };
    return { crypto };
  });
});
