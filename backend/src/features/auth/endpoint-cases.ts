import { type authApi, type Client } from "@assay/contract";
import { createTestBrowser, type TestOpenidProvider } from "@assay/tests/openid";
import { expect } from "vitest";
import { newId } from "../../ids.ts";
import { type TestBackend, testPassword } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  /** The administrator, with a token. */
  readonly client: Client;
  /** Known here as "test". */
  readonly provider: TestOpenidProvider;
}

/** One call per endpoint of signing in that succeeds. */
export function authCases(caller: () => Caller): Record<keyof typeof authApi, () => Promise<unknown>> {
  return {
    ways: async () =>
      expect(await caller().backend.client({}).auth.ways()).toEqual({
        ways: [{ type: "password" }, { type: "openid", provider: "test", name: "Test" }],
        basic: true,
        signUp: false,
        passwordLengthMin: 12,
      }),
    async signUp() {
      const email = `${newId()}@example.org`;
      const body = { email, name: "New", password: testPassword };
      await caller().client.config.update({ body: { signUpEnabled: true } });
      await caller().backend.client({}).auth.signUp({ body });
      await caller().client.config.update({ body: { signUpEnabled: null } });
      const { items } = await caller().client.users.list({ query: { q: email, awaitingApproval: "true" } });
      expect(items).toMatchObject([{ email, name: "New", enabled: false, awaitingApproval: true, roles: [] }]);
    },
    async login() {
      const { email, password } = await caller().backend.createUser(["viewer"]);
      const me = await caller()
        .backend.client({})
        .auth.login({ body: { email: ` ${email.toUpperCase()} `, password } });
      expect([me.user.email, me.user.roles, me.scopes]).toEqual([
        email,
        ["viewer"],
        ["requests:read", "decisions:read", "sources:read", "apiTokens:write"],
      ]);
    },
    async logout() {
      const session = caller().backend.client(await caller().backend.signIn());
      await session.auth.logout();
      await expect(session.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
    },
    me: async () =>
      expect(await caller().client.auth.me()).toMatchObject({
        user: { id: caller().backend.admin.id },
        csrfToken: null,
      }),
    async password() {
      const user = await caller().backend.createUser(["viewer"]);
      const newPassword = "a new password 123";
      await caller()
        .backend.client(await caller().backend.signIn(user))
        .auth.password({ body: { currentPassword: testPassword, newPassword } });
      await caller()
        .backend.client({})
        .auth.login({ body: { email: user.email, password: newPassword } });
    },
    async openidStart() {
      const { status, headers } = await createTestBrowser().get(`${caller().backend.url}/api/v1/auth/openid/test`);
      expect([status, headers.get("location")]).toEqual([
        302,
        expect.stringContaining(`${caller().provider.issuer}/auth?`),
      ]);
    },
    async openidRedirect() {
      const path = "/api/v1/auth/openid/test/redirect";
      const { status, headers } = await createTestBrowser().get(
        `${caller().backend.url}${path}?code=x&session_state=y`,
      );
      expect([status, headers.get("location")]).toEqual([302, "/sign-in?problem=expired&provider=Test"]);
    },
    async openidLink() {
      const session = caller().backend.client(await caller().backend.signIn());
      const { url } = await session.auth.openidLink({ params: { provider: "test" } });
      expect(url).toContain(`${caller().provider.issuer}/auth?`);
    },
    async identities() {
      const session = caller().backend.client(await caller().backend.signIn());
      expect(await session.auth.identities()).toEqual({ hasPassword: true, items: [] });
    },
    async unlink() {
      const user = await caller().backend.createUser(["viewer"]);
      const id = newId();
      const identity = { id, userId: user.id, provider: "test", issuer: caller().provider.issuer, subject: id };
      await caller().backend.db.prisma.userIdentity.create({ data: { ...identity, createdAt: new Date() } });
      const session = caller().backend.client(await caller().backend.signIn(user));
      await session.auth.unlink({ params: { id } });
      expect((await session.auth.identities()).items).toEqual([]);
    },
    async sessions() {
      const user = await caller().backend.createUser(["viewer"]);
      await caller().backend.signIn(user);
      const { items } = await caller()
        .backend.client(await caller().backend.signIn(user))
        .auth.sessions();
      expect(items.map(({ way, address }) => [way, address])).toEqual([
        ["password", "127.0.0.1"],
        ["password", "127.0.0.1"],
      ]);
      expect(items.filter(({ current }) => current)).toHaveLength(1);
    },
    async endSession() {
      const user = await caller().backend.createUser(["viewer"]);
      const [kept, ended] = [
        caller().backend.client(await caller().backend.signIn(user)),
        caller().backend.client(await caller().backend.signIn(user)),
      ];
      const other = (await kept.auth.sessions()).items.find(({ current }) => !current);
      await kept.auth.endSession({ params: { id: other?.id ?? "" } });
      await expect(ended.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
      expect((await kept.auth.me()).user.id).toBe(user.id);
    },
    async signOutEverywhere() {
      const user = await caller().backend.createUser(["viewer"]);
      const sessions = [
        caller().backend.client(await caller().backend.signIn(user)),
        caller().backend.client(await caller().backend.signIn(user)),
      ];
      await sessions[0]?.auth.signOutEverywhere();
      for (const session of sessions) {
        await expect(session.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
      }
    },
  };
}
