import { randomBytes } from "node:crypto";
import { scopesOfRoles } from "@assay/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { rotateKeys } from "./rotate.ts";
import { createVault } from "./vault.ts";

const key = (id: string) => ({ id, key: randomBytes(32) });
const [old, fresh] = [key("old"), key("fresh")];
const secretsCount = 230;
let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend({ encryptionKeys: [old] });
  const { vault } = backend.backend.secrets;
  const now = new Date();
  const secrets = Array.from({ length: secretsCount }, (_, index) => {
    const id = `secret${String(index).padStart(6, "0")}`;
    const sealed = vault.seal({ purpose: "secret", id }, `value ${index}`);
    const settings = { name: id, note: "", hosts: ["example.org"] };
    return { id, ...settings, ...sealed, valueSetAt: now, createdAt: now, updatedAt: now };
  });
  await backend.db.prisma.secret.createMany({ data: secrets });
});
afterAll(() => backend.close());

const keyIds = async () => {
  const rows = await backend.db.prisma.secret.findMany({ select: { keyId: true } });
  return Object.fromEntries([...Map.groupBy(rows, ({ keyId }) => keyId)].map(([id, own]) => [id, own.length]));
};

test("keys are changed batch by batch; an interrupted change goes on where it was, and the old key can go", async () => {
  await expect(rotateKeys(backend.db, createVault([fresh]))).rejects.toThrow(
    /^Nothing was changed, .*\n {2}secret secret000000: the key old is missing\n/,
  );
  await expect(rotateKeys(backend.db, createVault([fresh, key("old")]))).rejects.toThrow(
    "the key old is another than the one it was encrypted with",
  );
  expect(await keyIds()).toEqual({ old: secretsCount });

  const stop = (): never => {
    throw new Error("killed");
  };
  await expect(rotateKeys(backend.db, createVault([fresh, old]), stop)).rejects.toThrow("killed");
  expect(await keyIds()).toEqual({ old: secretsCount - 100, fresh: 100 });
  const batches: number[] = [];
  expect(await rotateKeys(backend.db, createVault([fresh, old]), (sum) => batches.push(sum))).toEqual({
    changed: secretsCount - 100,
    kept: 100,
  });
  expect(batches).toEqual([100, 130]);

  const next = await startTestBackend({ databaseUrl: backend.databaseUrl, encryptionKeys: [fresh] });
  const user = await next.createUser(["secret_reader"]);
  const reader = next.client(await next.token({ user, scopes: scopesOfRoles(["secret_reader"]) }));
  expect(await reader.secrets.value({ params: { id: "secret000229" } })).toEqual({ value: "value 229" });
  await next.close();
});

test("a backend without the key, or with a wrong one, starts, says which secrets it cannot use, and takes new values", async () => {
  for (const [id, own, valueState] of [
    ["secret000001", key("other"), "key_missing"],
    ["secret000002", key("fresh"), "unreadable"],
  ] as const) {
    const without = await startTestBackend({ databaseUrl: backend.databaseUrl, encryptionKeys: [own] });
    const client = without.client(await without.token());
    const params = { id };
    expect((await client.secrets.get({ params })).valueState).toBe(valueState);
    const user = await without.createUser(["secret_reader"]);
    const reader = without.client(await without.token({ user, scopes: ["secrets:reveal"] }));
    await expect(reader.secrets.value({ params })).rejects.toMatchObject({
      problem: { code: "CONFLICT", detail: expect.stringContaining("ASSAY_ENCRYPTION_KEYS") },
    });
    const changed = await client.secrets.update({ params, body: { value: "set anew" } });
    expect(changed.valueState).toBe("readable");
    expect(await reader.secrets.value({ params })).toEqual({ value: "set anew" });
    const { rows } = await without.db.pool.query("SELECT key_id FROM secrets WHERE id = $1", [params.id]);
    expect(rows).toEqual([{ key_id: own.id }]);
    await without.close();
  }
});
