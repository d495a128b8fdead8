import type { Client, UserInput, usersApi } from "@assay/contract";
import { expect } from "vitest";
import { newId } from "../../ids.ts";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  /** The administrator, with a token. */
  readonly client: Client;
}

/** One call per endpoint of accounts that succeeds. */
export function userCases(caller: () => Caller): Record<keyof typeof usersApi, () => Promise<unknown>> {
  const newUser = async (more: Partial<UserInput> = {}) =>
    caller().client.users.create({
      body: { email: `${newId()}@example.org`, name: "New", roles: ["viewer"], ...more },
    });
  /** Somebody with one source of one provider. */
  const newAuthor = async () => {
    const author = await caller().backend.createUser(["source_author"]);
    const own = caller().backend.client(await caller().backend.signIn(author));
    const { id: providerId } = await own.providers.create({ body: { name: `Of ${author.id}` } });
    const code = "export const fetchData = () => null;";
    const body = { name: "Own", providerId, code, language: "JAVASCRIPT" as const, exposure: "local" as const };
    const { id: sourceId } = await own.sources.create({ body: { ...body, supportedIndicators: ["IPV4"] } });
    return { author, providerId, sourceId };
  };
  return {
    async list() {
      const name = `Listed ${newId()}`;
      const made = [];
      for (const letter of ["a", "b"]) {
        made.push((await newUser({ email: `${letter}-${newId()}@example.org`, name })).user.id);
      }
      const first = await caller().client.users.list({ query: { q: name.toUpperCase(), limit: 1, role: "viewer" } });
      const second = await caller().client.users.list({
        query: { q: name, cursor: first.nextCursor ?? "", enabled: "true" },
      });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
      expect((await caller().client.users.list({ query: { q: "100%_" } })).items).toEqual([]);
    },
    async create() {
      const { user, password } = await newUser();
      const me = await caller()
        .backend.client({})
        .auth.login({ body: { email: user.email, password: password ?? "" } });
      expect(me.user).toMatchObject({ id: user.id, roles: ["viewer"] });
      await expect(newUser({ email: user.email.toUpperCase() })).rejects.toMatchObject({
        problem: { code: "CONFLICT" },
      });
    },
    async get() {
      const { user } = await newUser({ withPassword: false });
      expect(await caller().client.users.get({ params: { id: user.id } })).toMatchObject({
        hasPassword: false,
        enabled: true,
      });
    },
    async update() {
      const { user, password } = await newUser();
      const session = caller().backend.client(
        await caller().backend.signIn({ id: user.id, email: user.email, password: password ?? "" }),
      );
      await caller().client.users.update({ params: { id: user.id }, body: { roles: ["analyst"], name: "New" } });
      expect((await session.auth.me()).user).toMatchObject({ roles: ["analyst"], name: "New" });
      await caller().client.users.update({ params: { id: user.id }, body: { enabled: false } });
      await expect(session.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
    },
    async delete() {
      const user = await caller().backend.createUser(["analyst"]);
      const headers = await caller().backend.token({ user, scopes: ["requests:read"] });
      await caller().client.users.delete({ params: { id: user.id } });
      await expect(caller().client.users.get({ params: { id: user.id } })).rejects.toMatchObject({
        problem: { status: 404 },
      });
      await expect(caller().backend.client(headers).auth.me()).rejects.toMatchObject({ problem: { status: 401 } });
    },
    async resetPassword() {
      const user = await caller().backend.createUser(["viewer"]);
      const session = caller().backend.client(await caller().backend.signIn(user));
      const { password } = await caller().client.users.resetPassword({ params: { id: user.id } });
      await expect(session.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
      await caller()
        .backend.client({})
        .auth.login({ body: { email: user.email, password } });
    },
    async signOut() {
      const user = await caller().backend.createUser(["viewer"]);
      const session = caller().backend.client(await caller().backend.signIn(user));
      await caller().client.users.signOut({ params: { id: user.id } });
      await expect(session.auth.me()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
    },
    async logs() {
      const user = await caller().backend.createUser(["viewer"]);
      await caller()
        .backend.client(await caller().backend.signIn(user))
        .auth.logout();
      const page = (query: object) => caller().client.users.logs({ params: { id: user.id }, query });
      const first = await page({ limit: 1 });
      const second = await page({ cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ action }) => action)).toEqual(["user.signOut", "user.signIn"]);
    },
    async requests() {
      const user = await caller().backend.createUser(["analyst"]);
      const own = caller().backend.client(await caller().backend.signIn(user));
      const { id } = await own.requests.create({ body: { data: "192.0.2.50" } });
      const { items } = await caller().client.users.requests({ params: { id: user.id } });
      expect(items.map((item) => item.id)).toEqual([id]);
      const narrow = caller().backend.client(await caller().backend.token({ scopes: ["users:read"] }));
      await expect(narrow.users.requests({ params: { id: user.id } })).rejects.toMatchObject({
        problem: { code: "FORBIDDEN" },
      });
    },
    async sources() {
      const { author, sourceId } = await newAuthor();
      const { items } = await caller().client.users.sources({ params: { id: author.id } });
      expect(items.map(({ id }) => id)).toEqual([sourceId]);
    },
    async providers() {
      const { author, providerId } = await newAuthor();
      const { items } = await caller().client.users.providers({ params: { id: author.id } });
      expect(items.map(({ id }) => id)).toEqual([providerId]);
    },
    async apiTokens() {
      const user = await caller().backend.createUser(["viewer"]);
      await caller().backend.token({ user, scopes: ["sources:read"] });
      const { items } = await caller().client.users.apiTokens({ params: { id: user.id } });
      expect(items.map(({ scopes: each }) => each)).toEqual([["sources:read"]]);
    },
    async revokeApiToken() {
      const user = await caller().backend.createUser(["viewer"]);
      const headers = await caller().backend.token({ user, scopes: ["sources:read"] });
      const [item] = (await caller().client.users.apiTokens({ params: { id: user.id } })).items;
      await caller().client.users.revokeApiToken({ params: { id: user.id, tokenId: item?.id ?? "" } });
      await expect(caller().backend.client(headers).auth.me()).rejects.toMatchObject({ problem: { status: 401 } });
    },
  };
}
