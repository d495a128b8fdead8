import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestBackend, type TestBackend, testPassword } from "../../../testing.ts";
import { createTestBrowser, startTestOpenidProvider, type TestOpenidProvider } from "@assay/tests/openid";

const publicUrl = "http://127.0.0.1";
const redirectUri = (id: string): string => `${publicUrl}/api/v1/auth/openid/${id}/redirect`;

let folder: string;
let provider: TestOpenidProvider;
let forger: Forger;
let backend: TestBackend;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-openid-"));
  const ids = ["open", "closed", "domains", "strict", "lenient"];
  provider = await startTestOpenidProvider(ids.map(redirectUri));
  forger = await startForger();
  const { issuer, clientId, clientSecret } = provider;
  await writeFile(join(folder, "secret"), `${clientSecret}\n`);
  const entry = { issuer, clientId, clientSecretFile: join(folder, "secret") };
  const roles = { claim: "groups", map: { soc: ["analyst"], owners: ["admin", "source_author"] } };
  const providers = [
    { ...entry, id: "open", name: "Open", accounts: { create: "on" }, roles },
    { ...entry, id: "closed", name: "Closed" },
    { ...entry, id: "domains", name: "Domains", accounts: { create: "domains", domains: ["example.org"] } },
    { ...entry, id: "strict", name: "Strict", acrValues: ["high"], accounts: { create: "on" } },
    { ...entry, id: "lenient", name: "Lenient", requireVerifiedEmail: false, accounts: { create: "on" } },
    { id: "forged", name: "Forged", issuer: forger.issuer, clientId, clientSecret, accounts: { create: "on" } },
    { id: "away", name: "Away", issuer: "http://127.0.0.1:1", clientId, clientSecret },
  ];
  const openidFile = join(folder, "openid.yaml");
  await writeFile(openidFile, JSON.stringify({ providers }));
  backend = await startTestBackend({ publicUrl, openidFile });
});
afterAll(async () => {
  await backend.close();
  await provider.close();
  forger.server.close();
  await rm(folder, { recursive: true, force: true });
});

type Browser = ReturnType<typeof createTestBrowser>;

/** What the address that people open would lead to. */
const here = (location: string): string => location.replace(/^http:\/\/127\.0\.0\.1(?=\/)/, backend.url);
const locationOf = (response: Response): string => response.headers.get("location") ?? `status ${response.status}`;

/** Follows redirects until one leads back to Assay's redirect URI; that one is not opened. */
async function untilBack(browser: Browser, first: string): Promise<string> {
  let url = first;
  for (let hops = 0; hops < 10; hops++) {
    if (url.startsWith(`${publicUrl}/api/`)) return here(url);
    const response = await browser.get(url);
    url = new URL(locationOf(response), url).href;
  }
  throw new Error(`no way back from ${first}`);
}

async function begin(browser: Browser, id: string, next = "/lookups?verdict=malicious"): Promise<string> {
  const start = `${backend.url}/api/v1/auth/openid/${id}?next=${encodeURIComponent(next)}`;
  return untilBack(browser, locationOf(await browser.get(start)));
}

/** Signs in; resolves with where the browser is sent in the end. */
async function signIn(
  id: string,
  person: Partial<TestOpenidProvider["person"]>,
  browser = createTestBrowser(),
  next?: string,
) {
  provider.person = { subject: "someone", claims: {}, ...person };
  return locationOf(await browser.get(await begin(browser, id, next)));
}

const me = async (browser: Browser) => {
  const response = await fetch(`${backend.url}/api/v1/auth/me`, { headers: { cookie: browser.cookie(backend.url) } });
  return (await response.json()) as { user?: { email: string; name: string; roles: string[] }; code?: string };
};

const verified = (email: string, more: object = {}) => ({ email, email_verified: true, ...more });

describe("signing in at a provider", () => {
  test("makes an account with the mapped roles where the entry allows it, and finds it again by its subject", async () => {
    const browser = createTestBrowser();
    const claims = verified("Ada@Example.org", { name: "Ada", groups: ["soc", "others"] });
    expect(await signIn("open", { subject: "ada", claims }, browser)).toBe("/lookups?verdict=malicious");
    expect((await me(browser)).user).toMatchObject({ email: "ada@example.org", name: "Ada", roles: ["analyst"] });
    const again = createTestBrowser();
    const changed = verified("other@example.org", { name: "Ada", groups: ["owners"] });
    await signIn("open", { subject: "ada", claims: changed }, again);
    expect((await me(again)).user).toMatchObject({ email: "ada@example.org", roles: ["admin", "source_author"] });
    // Who has left every group has no more than a new account.
    const left = createTestBrowser();
    await signIn("open", { subject: "ada", claims: verified("ada@example.org", { groups: ["others"] }) }, left);
    expect((await me(left)).user?.roles).toEqual(["viewer"]);
    await signIn("open", { subject: "ada", claims: changed });
    // It is the same account: the first session has its new roles at once.
    expect((await me(browser)).user?.roles).toEqual(["admin", "source_author"]);
  });

  test("the session is listed with its provider, and the account has no password to sign in with", async () => {
    const browser = createTestBrowser();
    await signIn("open", { subject: "bob", claims: verified("bob@example.org") }, browser);
    const own = backend.client({ cookie: browser.cookie(backend.url) });
    expect((await own.auth.sessions()).items).toMatchObject([{ way: "open", current: true, address: "127.0.0.1" }]);
    expect(await own.auth.identities()).toMatchObject({ hasPassword: false, items: [{ provider: "open" }] });
    for (const password of ["", "null", "undefined"]) {
      const login = backend.client({}).auth.login({ body: { email: "bob@example.org", password } });
      await expect(login).rejects.toThrow();
    }
  });

  test.each([
    ["closed", { subject: "c1", claims: verified("c1@example.org") }, "no-account"],
    ["domains", { subject: "c2", claims: verified("c2@example.com") }, "no-account"],
    ["domains", { subject: "c3", claims: verified("c3@evil.example@example.org") }, "no-account"],
    ["open", { subject: "c4", claims: { email: "c4@example.org", email_verified: false } }, "unverified"],
    ["open", { subject: "c5", claims: { email: "c5@example.org" } }, "unverified"],
    ["open", { subject: "c6", claims: {} }, "no-account"],
    ["strict", { subject: "c7", claims: verified("c7@example.org"), acr: "low" }, "level"],
  ])("%s refuses %j: %s", async (id, person, problem) => {
    const browser = createTestBrowser();
    const page = new URL(await signIn(id, person, browser), publicUrl);
    expect([page.pathname, page.searchParams.get("problem")]).toEqual(["/sign-in", problem]);
    expect((await me(browser)).code).toBe("UNAUTHENTICATED");
  });

  test("an account of the right domain, and the right level, are let in", async () => {
    expect(await signIn("domains", { subject: "d1", claims: verified("d1@example.org") }, undefined, "/")).toBe("/");
    const claims = verified("d2@example.org");
    expect(await signIn("strict", { subject: "d2", claims, acr: "high" }, undefined, "/")).toBe("/");
  });

  test("whoever signed up with somebody's address does not stand in the way of its owner, and gets nothing of theirs", async () => {
    const email = "squatted@example.org";
    const admin = backend.client(await backend.token());
    await admin.config.update({ body: { signUpEnabled: true } });
    await backend.client({}).auth.signUp({ body: { email, password: testPassword } });
    const stranger = { subject: "s1", claims: { email, email_verified: false } };
    expect(await signIn("lenient", stranger)).toContain("problem=account-exists");
    const browser = createTestBrowser();
    expect(await signIn("open", { subject: "s2", claims: verified(email) }, browser, "/")).toBe("/");
    expect((await me(browser)).user).toMatchObject({ email, roles: ["viewer"] });
    await expect(backend.client({}).auth.login({ body: { email, password: testPassword } })).rejects.toMatchObject({
      problem: { code: "UNAUTHENTICATED" },
    });
  });

  test("an existing account is not handed to whoever has its address at a provider; its owner links it", async () => {
    const user = await backend.createUser(["viewer"]);
    const person = { subject: "owner", claims: verified(user.email) };
    expect(await signIn("open", person)).toContain("problem=account-exists");

    const session = await backend.signIn(user);
    const link = await backend.client(session).auth.openidLink({ params: { provider: "closed" } });
    const browser = createTestBrowser();
    browser.setCookie(backend.url, session.cookie);
    provider.person = person;
    expect(locationOf(await browser.get(await untilBack(browser, link.url)))).toBe("/settings?linked=closed");
    const later = createTestBrowser();
    await signIn("closed", person, later);
    expect((await me(later)).user?.email).toBe(user.email);

    // Nobody else gets it, and the account that was begun with has to be the one that is signed in at the end.
    const other = await backend.signIn(await backend.createUser(["viewer"]));
    const stolen = await backend.client(other).auth.openidLink({ params: { provider: "closed" } });
    const mallory = createTestBrowser();
    mallory.setCookie(backend.url, other.cookie);
    expect(locationOf(await mallory.get(await untilBack(mallory, stolen.url)))).toMatch(/^\/settings\?problem=taken/);
  });

  test("a disabled account stays outside, and its session ends at once", async () => {
    const browser = createTestBrowser();
    const person = { subject: "leaver", claims: verified("leaver@example.org") };
    await signIn("open", person, browser);
    const admin = backend.client(await backend.token());
    const { items } = await admin.users.list({ query: { q: "leaver@" } });
    const id = items[0]?.id ?? "";
    await admin.users.update({ params: { id }, body: { enabled: false } });
    expect((await me(browser)).code).toBe("UNAUTHENTICATED");
    expect(await signIn("open", person)).toContain("problem=disabled");
  });

  test("the only way in cannot be unlinked", async () => {
    const browser = createTestBrowser();
    await signIn("open", { subject: "only", claims: verified("only@example.org") }, browser);
    const cookie = browser.cookie(backend.url);
    const { csrfToken } = await backend.client({ cookie }).auth.me();
    const own = backend.client({ cookie, "x-csrf-token": csrfToken ?? "" });
    const [identity] = (await own.auth.identities()).items;
    const unlink = own.auth.unlink({ params: { id: identity?.id ?? "" } });
    await expect(unlink).rejects.toMatchObject({ problem: { code: "CONFLICT" } });
  });

  test("a provider that is away is said so, and hinders nobody else", async () => {
    const start = await createTestBrowser().get(`${backend.url}/api/v1/auth/openid/away`);
    expect(locationOf(start)).toBe("/sign-in?problem=unreachable&provider=Away");
    expect((await backend.client({}).auth.ways()).ways.map((way) => way.type)).toContain("password");
  });
});

describe("attacks", () => {
  const person = () => ({ subject: "victim", claims: verified("victim@example.org") });
  const refused = async (browser: Browser, url: string, problem: string): Promise<void> => {
    const page = new URL(locationOf(await browser.get(url)), publicUrl);
    expect([page.pathname, page.searchParams.get("problem")]).toEqual(["/sign-in", problem]);
    expect((await me(browser)).code).toBe("UNAUTHENTICATED");
  };

  test("a state that was used does not work again, nor in another browser, nor a state that nobody gave", async () => {
    provider.person = person();
    const browser = createTestBrowser();
    const back = await begin(browser, "open");
    await refused(createTestBrowser(), back, "expired");
    const forged = new URL(back);
    forged.searchParams.set("state", "forged");
    const other = createTestBrowser();
    await begin(other, "open");
    await refused(other, forged.href, "failed");
    expect(locationOf(await browser.get(back))).toBe("/lookups?verdict=malicious");
    expect(locationOf(await browser.get(back))).toMatch(/problem=expired/);
  });

  test("a code that was made in another browser is of no use, even with the own state", async () => {
    provider.person = person();
    const attacker = new URL(await begin(createTestBrowser(), "open"));
    const browser = createTestBrowser();
    const swapped = new URL(await begin(browser, "open"));
    swapped.searchParams.set("code", attacker.searchParams.get("code") ?? "");
    await refused(browser, swapped.href, "failed");
  });

  test("an answer for one provider does not end the sign-in at another, and another issuer's answer is refused", async () => {
    provider.person = person();
    const browser = createTestBrowser();
    const back = await begin(browser, "open");
    await refused(browser, back.replace("/open/", "/strict/"), "expired");
    const second = createTestBrowser();
    const mixed = new URL(await begin(second, "open"));
    mixed.searchParams.set("iss", forger.issuer);
    await refused(second, mixed.href, "failed");
  });

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"])(
    "nobody is sent to %j afterwards",
    async (next) => {
      expect(await signIn("open", person(), undefined, next)).toBe("/");
    },
  );

  test.each<[string, Partial<Forgery>, boolean]>([
    ["nothing", {}, true],
    ["the nonce", { claims: { nonce: "another" } }, false],
    ["the missing nonce", { claims: { nonce: undefined } }, false],
    ["the issuer", { claims: { iss: "https://evil.example" } }, false],
    ["the audience", { claims: { aud: "another-client" } }, false],
    ["the time", { claims: { exp: 1_700_000_000 } }, false],
    ["the signature", { isSignedByOther: true }, false],
    ["the algorithm", { algorithm: "none" }, false],
    ["the missing subject", { claims: { sub: undefined } }, false],
  ])("an ID token is refused for %s", async (what, forgery, isGood) => {
    forger.forgery = forgery;
    const browser = createTestBrowser();
    const start = await browser.get(`${backend.url}/api/v1/auth/openid/forged`);
    const asked = new URL(locationOf(start)).searchParams;
    forger.nonce = asked.get("nonce") ?? "";
    const back = `${backend.url}/api/v1/auth/openid/forged/redirect?code=c&state=${asked.get("state")}`;
    const page = locationOf(await browser.get(back));
    if (isGood) expect([what, page]).toEqual(["nothing", "/"]);
    else expect(page).toBe("/sign-in?problem=failed&provider=Forged");
    expect((await me(browser)).user === undefined).toBe(!isGood);
  });
});

interface Forgery {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly isSignedByOther: boolean;
  readonly algorithm: "RS256" | "none";
}

interface Forger {
  readonly issuer: string;
  readonly server: Server;
  /** What is wrong with its next ID token. */
  forgery: Partial<Forgery>;
  nonce: string;
}

/** A provider that signs whatever it is told to. */
async function startForger(): Promise<Forger> {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const server = createServer((req, res) => {
    const answer = (body: object): void =>
      void res.setHeader("content-type", "application/json").end(JSON.stringify(body));
    const { issuer } = forger;
    if (req.url === "/jwks")
      answer({ keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256", use: "sig" }] });
    else if (req.url === "/token") answer({ access_token: "a", token_type: "bearer", id_token: idToken() });
    else
      answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forger: Forger = { issuer, server, forgery: {}, nonce: "" };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  function idToken(): string {
    const { claims = {}, isSignedByOther = false, algorithm = "RS256" } = forger.forgery;
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: issuer, aud: provider.clientId, sub: "forged", iat: now, exp: now + 60, nonce: forger.nonce };
    const more = { email: "forged@example.org", email_verified: true };
    const text = `${part({ alg: algorithm, kid: "k" })}.${part({ ...good, ...more, ...claims })}`;
    const key = isSignedByOther ? other.privateKey : own.privateKey;
    return `${text}.${algorithm === "none" ? "" : sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  }
  return forger;
}
