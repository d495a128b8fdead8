import { ServerConfig } from "@assay/contract";
import { createLogger } from "@assay/process";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../context.ts";
import { type Database, openDatabase } from "../../db/database.ts";
import { createLimiters } from "../../limits/limiter.ts";
import { createTestDatabase } from "../../testing.ts";
import { ensureFirstAdmin } from "./first-admin.ts";
import { createAuditTally } from "../audit/tally.ts";
import { createPasswordSignIn, type PasswordSignIn } from "./password-sign-in.ts";
import { createThrottle } from "./throttle.ts";

let db: Database;
let signIn: PasswordSignIn;
beforeAll(async () => {
  const log = createLogger({ name: "test", level: "error", format: "pretty" });
  db = await openDatabase({ url: await createTestDatabase(), connections: 4, log });
  const failures = createAuditTally(db, log);
  signIn = createPasswordSignIn({
    db,
    clock: systemClock,
    throttle: createThrottle(createLimiters(null), () => ServerConfig.parse({})),
    failures,
  });
});
afterAll(() => db.close());
beforeEach(() => db.prisma.user.deleteMany());

const canSignIn = async (email: string, password: string): Promise<readonly string[]> =>
  (await signIn.check(email, password, { address: "192.0.2.1", userAgent: null, requestId: null })).user.roles;

test("nodes that start together make one administrator, and only the one that did tells the password", async () => {
  const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdmin(db, systemClock, {})));
  const [admin, ...others] = made.filter((each) => each !== null);
  expect(others).toEqual([]);
  expect(admin?.email).toBe("admin@assay.local");
  expect(admin?.password).toMatch(/^[2-9a-zA-Z]{20}$/);
  expect(await canSignIn("admin@assay.local", admin?.password ?? "")).toEqual(["admin"]);
  expect(await ensureFirstAdmin(db, systemClock, {})).toBeNull();
});

test("a password from the configuration is not told again", async () => {
  const wanted = { email: "Root@Example.org", password: "from the environment" };
  expect(await ensureFirstAdmin(db, systemClock, wanted)).toEqual({ email: "root@example.org" });
  expect(await canSignIn("root@example.org", "from the environment")).toEqual(["admin"]);
});
