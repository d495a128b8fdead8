import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "./testing.ts";

let first: TestBackend;
let second: TestBackend;
beforeAll(async () => {
  first = await startTestBackend();
  second = await startTestBackend({ databaseUrl: first.databaseUrl });
});
afterAll(async () => {
  await second.close();
  await first.close();
});

test("a session of one node is one of the other, and ends on both", async () => {
  const headers = await first.signIn();
  expect((await second.client(headers).auth.me()).csrfToken).toBe(headers["x-csrf-token"]);
  await second.client(headers).auth.logout();
  await expect(first.client(headers).auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
});

test("a token that is revoked on one node stops on the other, although that one remembers it", async () => {
  const owner = first.client(await first.token());
  const { id, token } = await owner.apiTokens.create({ body: { note: "x" } });
  const there = second.client({ authorization: `Bearer ${token}` });
  await there.auth.me();
  await owner.apiTokens.delete({ params: { id } });
  await expect
    .poll(() => there.auth.me().catch((error) => error.problem.code), { timeout: 1000, interval: 20 })
    .toBe("UNAUTHENTICATED");
});

test("a setting that is changed on one node holds on both: at once here, within a second there", async () => {
  const here = first.client(await first.token());
  await here.config.update({ body: { defaultTlp: "AMBER", lookupDeadlineMs: 5000 } });
  expect(first.backend.settings.current()).toMatchObject({ defaultTlp: "AMBER", lookupDeadlineMs: 5000 });
  await expect.poll(() => second.backend.settings.current().defaultTlp, { timeout: 1000, interval: 10 }).toBe("AMBER");
  const refused = here.config.update({ body: { lookupDeadlineMs: 1 } });
  await expect(refused).rejects.toMatchObject({ problem: { errors: [{ field: "body.lookupDeadlineMs" }] } });
  expect(first.backend.settings.current().lookupDeadlineMs).toBe(5000);
});
