import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../testing.ts";
import { startTestRedis, type TestRedis } from "../testing-redis.ts";
import { addressKey } from "./address-key.ts";

const settings = { trustedProxies: ["127.0.0.0/8"], callsPerToken: 60, signInFailuresPerPair: 3 };
let redis: TestRedis;
let first: TestBackend;
let second: TestBackend;
beforeAll(async () => {
  redis = await startTestRedis();
  first = await startTestBackend({ redisUrl: redis.url, settings });
  second = await startTestBackend({ redisUrl: redis.url, settings, databaseUrl: first.databaseUrl });
});
afterAll(async () => {
  await second.close();
  await first.close();
  await redis.stop();
});

const statusOf = async (node: TestBackend, headers: Record<string, string>): Promise<number> =>
  (await fetch(`${node.url}/api/v1/auth/me`, { headers })).status;
/** How many of so many calls are refused. */
const refusals = async (node: TestBackend, count: number, headers: Record<string, string>): Promise<number> => {
  const statuses = await Promise.all(Array.from({ length: count }, () => statusOf(node, headers)));
  return statuses.filter((status) => status === 429).length;
};
const dependency = async (node: TestBackend) => {
  const session = await node.signIn();
  const { dependencies } = await node.client(session).health.ready();
  return dependencies.find(({ name }) => name === "Redis");
};

test("nodes that share a Redis count together; what is left is told", async () => {
  await expect.poll(async () => (await dependency(first))?.up).toBe(true);
  await expect.poll(async () => (await dependency(second))?.up).toBe(true);
  const token = await first.token();
  const answer = await fetch(`${first.url}/api/v1/auth/me`, { headers: token });
  expect(answer.headers.get("ratelimit-policy")).toBe('"token";q=60;w=60');
  expect(answer.headers.get("ratelimit")).toMatch(/^"token";r=59;t=\d+$/);
  expect((await refusals(first, 30, token)) + (await refusals(second, 30, token))).toBe(1);
  const refused = await fetch(`${first.url}/api/v1/auth/me`, { headers: token });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({
    code: "TOO_MANY_REQUESTS",
    detail: expect.stringContaining("60 calls"),
  });
  expect(await statusOf(first, await first.token())).toBe(200);
});

test("while Redis is away each process counts in its memory, says so, and goes back when it is there again", async () => {
  await redis.stop();
  await expect.poll(async () => (await dependency(first))?.reason).toContain("it does not answer");
  const token = await first.token();
  expect([await refusals(first, 61, token), await refusals(second, 61, token)]).toEqual([1, 1]);
  await redis.start();
  await expect.poll(async () => (await dependency(first))?.up).toBe(true);
  await expect.poll(async () => (await dependency(second))?.up).toBe(true);
  expect(await statusOf(first, token)).toBe(200);
});

test("wrong passwords from one address close the account for that address alone, on every node", async () => {
  const user = await first.createUser(["viewer"]);
  const login = async (node: TestBackend, address: string, password: string): Promise<number> => {
    const response = await fetch(`${node.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": address },
      body: JSON.stringify({ email: user.email, password }),
    });
    return response.status;
  };
  for (const node of [first, second, first]) expect(await login(node, "198.51.100.7", "wrong")).toBe(401);
  expect(await login(second, "198.51.100.7", user.password)).toBe(429);
  expect(await login(second, "203.0.113.9", user.password)).toBe(200);
});

test("an attacker with many addresses closes the account to strangers, not to where its owner has been", async () => {
  const own = await startTestBackend({
    settings: { trustedProxies: ["127.0.0.1"], signInFailuresPerAccount: 10, signInFailuresPerPair: 3 },
  });
  const user = await own.createUser(["viewer"]);
  const login = async (address: string, password: string): Promise<number> => {
    const response = await fetch(`${own.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": address },
      body: JSON.stringify({ email: user.email, password }),
    });
    return response.status;
  };
  expect(await login("203.0.113.9", user.password)).toBe(200);
  const attack = [];
  for (let host = 1; host <= 11; host++) attack.push(await login(`198.51.100.${host}`, "wrong"));
  expect(attack).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  expect(await login("192.0.2.44", user.password)).toBe(429);
  expect(await login("203.0.113.9", user.password)).toBe(200);
  await own.close();
});

test("an IPv6 network of 64 bits is one address; an IPv4 address is one however it is written", () => {
  const same = ["2001:db8:1:2::1", "2001:DB8:1:2:ffff::", "2001:0db8:0001:0002:1:2:3:4", "2001:db8:1:2::192.0.2.1"];
  expect(new Set(same.map(addressKey))).toEqual(new Set(["2001:db8:1:2::/64"]));
  expect(addressKey("2001:db8:1:3::1")).not.toBe(addressKey("2001:db8:1:2::1"));
  expect(addressKey("::1")).toBe("0:0:0:0::/64");
  expect([addressKey("::ffff:192.0.2.1"), addressKey("192.0.2.1")]).toEqual(["192.0.2.1", "192.0.2.1"]);
});
