import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createVault, placeOfSecret } from "./vault.ts";

const key = (id: string) => ({ id, key: randomBytes(32) });
const [old, fresh] = [key("old"), key("new")];
const vault = createVault([old]);
const place = placeOfSecret("4f90d13a42bc");

test("a text opens where it belongs, under any of the keys, and is never encrypted twice alike", () => {
  const sealed = vault.seal(place, "schlüssel ☂");
  expect(sealed).toMatchObject({ keyId: "old" });
  expect(Buffer.from(sealed.ciphertext).toString("latin1")).not.toContain("schl");
  expect(sealed.nonce).toHaveLength(12);
  expect(createVault([fresh, old]).open(place, sealed)).toEqual({ ok: true, text: "schlüssel ☂" });
  expect(vault.seal(place, "schlüssel ☂").ciphertext).not.toEqual(sealed.ciphertext);
});

test("a text that was moved to another row or purpose, changed, cut short or is under another key does not open", () => {
  const sealed = vault.seal(place, "value");
  const unreadable = { ok: false, reason: "unreadable" };
  expect(vault.open(placeOfSecret("4f90d13a42bd"), sealed)).toEqual(unreadable);
  expect(vault.open({ ...place, purpose: "webhook" }, sealed)).toEqual(unreadable);
  for (let index = 0; index < sealed.ciphertext.length; index++) {
    const ciphertext = Uint8Array.from(sealed.ciphertext);
    ciphertext[index] = (ciphertext[index] ?? 0) ^ 1;
    expect(vault.open(place, { ...sealed, ciphertext })).toEqual(unreadable);
    expect(vault.open(place, { ...sealed, ciphertext: sealed.ciphertext.slice(0, index) })).toEqual(unreadable);
  }
  expect(vault.open(place, { ...sealed, nonce: new Uint8Array(0) })).toEqual(unreadable);
  expect(createVault([{ ...fresh, id: "old" }]).open(place, sealed)).toEqual(unreadable);
  expect(createVault([fresh]).open(place, sealed)).toEqual({ ok: false, reason: "key_missing" });
});
