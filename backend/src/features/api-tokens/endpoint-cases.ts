import { type apiTokensApi, type Client, scopesOfRoles } from "@assay/contract";
import { expect } from "vitest";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  /** The administrator, with a token. */
  readonly client: Client;
}

/** One call per endpoint that succeeds. */
export function apiTokenCases(caller: () => Caller): Record<keyof typeof apiTokensApi, () => Promise<unknown>> {
  return {
    async list() {
      await caller().client.apiTokens.create({ body: { note: "before" } });
      const { id } = await caller().client.apiTokens.create({ body: { note: "newest" } });
      const { items, nextCursor } = await caller().client.apiTokens.list({ query: { limit: 1 } });
      expect(items.map((item) => [item.id, item.note, item.scopes])).toEqual([
        [id, "newest", scopesOfRoles(["admin"])],
      ]);
      const next = await caller().client.apiTokens.list({ query: { limit: 200, cursor: nextCursor ?? "" } });
      expect(next.items.map((item) => item.id)).not.toContain(id);
    },
    async create() {
      const { token: value } = await caller().client.apiTokens.create({
        body: { note: "x", scopes: ["sources:read"] },
      });
      expect(
        (
          await caller()
            .backend.client({ authorization: `Token ${value}` })
            .auth.me()
        ).scopes,
      ).toEqual(["sources:read"]);
    },
    async update() {
      const { id } = await caller().client.apiTokens.create({ body: { note: "x" } });
      const changed = await caller().client.apiTokens.update({
        params: { id },
        body: { note: "y", scopes: ["requests:read"], tlp: "GREEN", maxTlp: "AMBER" },
      });
      expect(changed).toMatchObject({ note: "y", scopes: ["requests:read"], tlp: "GREEN", pap: null, maxTlp: "AMBER" });
    },
    async regenerate() {
      const before = await caller().client.apiTokens.create({ body: { note: "x" } });
      const after = await caller().client.apiTokens.regenerate({ params: { id: before.id } });
      const me = (value: string) =>
        caller()
          .backend.client({ authorization: `Bearer ${value}` })
          .auth.me();
      await me(after.token);
      await expect(me(before.token)).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
    },
    async delete() {
      const { id } = await caller().client.apiTokens.create({ body: { note: "x" } });
      await caller().client.apiTokens.delete({ params: { id } });
      expect((await caller().client.apiTokens.list()).items.map((item) => item.id)).not.toContain(id);
    },
  };
}
