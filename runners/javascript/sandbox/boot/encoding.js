// Text and bytes: TextEncoder, TextDecoder, atob, btoa.
(function encodings(boot) {
  const { uncurry, toWellFormed, construct } = boot;
  const { escape, unescape, encodeURIComponent, decodeURIComponent, Uint8Array, DataView } = globalThis;
  const { fromCharCode } = String;
  const codeAt = uncurry(String.prototype.charCodeAt);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const chunkLength = 8192;

  boot.encoding = boot.once(() => {
    const { ArrayBuffer } = boot.buffers();
    const { isView } = ArrayBuffer;

    /** Bytes as a string with one character per byte. */
    function binaryOf(bytes) {
      let binary = "";
      for (let from = 0; from < bytes.length; from += chunkLength) {
        binary += boot.apply(fromCharCode, undefined, bytes.subarray(from, from + chunkLength));
      }
      return binary;
    }

    function bytesOfBinary(binary) {
      const bytes = new Uint8Array(binary.length);
      for (let index = 0; index < binary.length; index += 1) bytes[index] = codeAt(binary, index);
      return bytes;
    }

    /** Any view or buffer as bytes, text as UTF-8. */
    function bytesOf(value) {
      if (typeof value === "string") return encodeUtf8(value);
      if (isView(value)) return construct(Uint8Array, [value.buffer, value.byteOffset, value.byteLength]);
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      return encodeUtf8(`${value}`);
    }

    function encodeUtf8(text) {
      return bytesOfBinary(unescape(encodeURIComponent(toWellFormed(text))));
    }

    /** How many bytes from `at` form one well-formed character; 0: none, and `skipped` bytes of it were well-formed so far. */
    function sequenceAt(bytes, at) {
      const lead = bytes[at];
      if (lead < 0x80) return { length: 1, skipped: 1 };
      const length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
      if (length === 0 || lead > 0xf4) return { length: 0, skipped: 1 };
      for (let index = 1; index < length; index += 1) {
        const next = bytes[at + index];
        const low = index > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
        const high = index > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
        if (!(next >= low && next <= high)) return { length: 0, skipped: index };
      }
      return { length, skipped: length };
    }

    function decodeLossy(bytes) {
      let text = "";
      let good = 0;
      for (let at = 0; at < bytes.length;) {
        const { length, skipped } = sequenceAt(bytes, at);
        at += skipped;
        if (length > 0) continue;
        text += `${decodeURIComponent(escape(binaryOf(bytes.subarray(good, at - skipped))))}\uFFFD`;
        good = at;
      }
      return text + decodeURIComponent(escape(binaryOf(bytes.subarray(good))));
    }

    function decodeUtf8(bytes, isFatal = false, keepsMark = false) {
      const hasMark = !keepsMark && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      const content = hasMark ? bytes.subarray(3) : bytes;
      try {
        return decodeURIComponent(escape(binaryOf(content)));
      } catch {
        if (isFatal) throw new TypeError("The bytes are not valid UTF-8.");
        return decodeLossy(content);
      }
    }

    function btoa(value) {
      const binary = `${value}`;
      let text = "";
      for (let at = 0; at < binary.length; at += 3) {
        const [a, b, c] = [codeAt(binary, at), codeAt(binary, at + 1), codeAt(binary, at + 2)];
        if (a > 255 || b > 255 || c > 255) throw new RangeError("btoa: a character is outside Latin-1.");
        const bits = (a << 16) | (b << 8) | c;
        text += alphabet[(bits >> 18) & 63] + alphabet[(bits >> 12) & 63];
        text += at + 1 < binary.length ? alphabet[(bits >> 6) & 63] : "=";
        text += at + 2 < binary.length ? alphabet[bits & 63] : "=";
      }
      return text;
    }

    const valueOf = boot.once(() => {
      const values = { __proto__: null };
      for (let index = 0; index < 64; index += 1) values[alphabet[index]] = index;
      return values;
    });

    function atob(value) {
      let text = `${value}`.replace(/[\t\n\f\r ]+/g, "");
      if (text.length % 4 === 0) text = text.replace(/={1,2}$/, "");
      if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new RangeError("atob: not Base64.");
      const values = valueOf();
      let binary = "";
      for (let at = 0; at < text.length; at += 4) {
        const bits =
          (values[text[at]] << 18) |
          (values[text[at + 1]] << 12) |
          ((values[text[at + 2]] ?? 0) << 6) |
          (values[text[at + 3]] ?? 0);
        binary += fromCharCode((bits >> 16) & 255);
        if (at + 2 < text.length) binary += fromCharCode((bits >> 8) & 255);
        if (at + 3 < text.length) binary += fromCharCode(bits & 255);
      }
      return binary;
    }

    class TextEncoder {
      encoding = "utf-8";
      encode(text = "") {
        return encodeUtf8(`${text}`);
      }
      encodeInto(text, target) {
        const bytes = encodeUtf8(`${text}`);
        let written = bytes.length < target.length ? bytes.length : target.length;
        // Never half a character.
        while (written > 0 && written < bytes.length && (bytes[written] & 0xc0) === 0x80) written -= 1;
        target.set(bytes.subarray(0, written));
        return { read: decodeUtf8(bytes.subarray(0, written), false, true).length, written };
      }
    }

    const decoders = {
      __proto__: null,
      "utf-8": decodeUtf8,
      "utf-16le"(bytes) {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        let text = "";
        for (let at = 0; at + 1 < bytes.length; at += 2) text += fromCharCode(view.getUint16(at, true));
        return toWellFormed(text);
      },
      latin1: (bytes) => binaryOf(bytes),
    };
    const labels = { __proto__: null, utf8: "utf-8", "utf-16": "utf-16le", ascii: "latin1", "iso-8859-1": "latin1" };

    class TextDecoder {
      #decode;
      constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
        const name = `${label}`.trim().toLowerCase();
        this.encoding = labels[name] ?? name;
        this.fatal = fatal;
        this.ignoreBOM = ignoreBOM;
        const decode = decoders[this.encoding];
        if (decode === undefined) throw new RangeError(`TextDecoder knows utf-8, utf-16le and latin1, not ${name}.`);
        this.#decode = (bytes) => decode(bytes, fatal, ignoreBOM);
      }
      decode(bytes = new Uint8Array(0)) {
        return this.#decode(bytesOf(bytes));
      }
    }

    return {
      TextEncoder,
      TextDecoder,
      atob,
      btoa,
      bytesOf,
      encodeUtf8,
      decodeUtf8,
      toBase64: (bytes) => btoa(binaryOf(bytes)),
      fromBase64: (text) => bytesOfBinary(atob(text)),
    };
  });
});
