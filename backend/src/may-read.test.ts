import { scopesOfRoles, Tlp, Visibility } from "@assay/contract";
import { expect, test } from "vitest";
import type { Actor } from "./context.ts";
import { type Guarded, isForeign, mayChange, mayRead } from "./may-read.ts";

const person = (id: string, roles: Parameters<typeof scopesOfRoles>[0]): Actor & { type: "user" } => ({
  type: "user",
  via: "session",
  user: { id, email: `${id}@example.org`, name: id, roles, createdAt: new Date(0) },
  scopes: new Set(scopesOfRoles(roles)),
});
const owner = person("owner", ["analyst"]);
function tokenOf({ user }: Actor & { type: "user" }, maxTlp: Tlp | null): Actor & { type: "apiToken" } {
  const markings = { tlp: null, pap: null, maxTlp };
  return { type: "apiToken", user, tokenId: "t", scopes: new Set(["requests:read"]), markings };
}
const actors: Record<string, Actor> = {
  owner,
  "token of the owner": tokenOf(owner, null),
  "token of the owner, up to GREEN": tokenOf(owner, "GREEN"),
  analyst: person("other", ["analyst"]),
  admin: person("admin", ["admin"]),
  "token of an admin, without the scope": {
    ...tokenOf(person("admin", ["admin"]), null),
    scopes: new Set(["requests:read", "requests:run"]),
  },
  system: { type: "system" },
  anonymous: { type: "anonymous" },
};

/** Who reads, who changes, and whose reading is told. */
const rows: readonly (readonly [string, Pick<Guarded, "visibility" | "tlp">, string[], string[], string[]])[] = [
  [
    "open",
    { visibility: "everyone", tlp: "AMBER" },
    ["owner", "token of the owner", "analyst", "admin", "token of an admin, without the scope", "system"],
    ["owner", "token of the owner", "admin", "system"],
    [],
  ],
  [
    "private and GREEN",
    { visibility: "private", tlp: "GREEN" },
    ["owner", "token of the owner", "token of the owner, up to GREEN", "admin", "system"],
    ["owner", "token of the owner", "token of the owner, up to GREEN", "admin", "system"],
    ["admin"],
  ],
  [
    "private",
    { visibility: "private", tlp: "AMBER" },
    ["owner", "token of the owner", "admin", "system"],
    ["owner", "token of the owner", "admin", "system"],
    ["admin"],
  ],
  [
    "RED",
    { visibility: "private", tlp: "RED" },
    ["owner", "token of the owner", "system"],
    ["owner", "token of the owner", "system"],
    [],
  ],
  [
    "RED, and wrongly open",
    { visibility: "everyone", tlp: "RED" },
    ["owner", "token of the owner", "system"],
    ["owner", "token of the owner", "system"],
    [],
  ],
];

test.each(rows)("a lookup that is %s", (_, lookup, read, change, told) => {
  const guarded = { ...lookup, userId: "owner" };
  const those = (may: (actor: Actor) => boolean): string[] =>
    Object.entries(actors).flatMap(([name, actor]) => (may(actor) ? name : []));
  expect(those((actor) => mayRead(actor, guarded))).toEqual(read);
  expect(those((actor) => mayChange(actor, guarded))).toEqual(change);
  expect(those((actor) => mayRead(actor, guarded) && isForeign(actor, guarded))).toEqual(told);
});

test("whatever somebody may change, they may read", () => {
  for (const tlp of Tlp.options)
    for (const visibility of Visibility.options)
      for (const actor of Object.values(actors)) {
        const guarded = { tlp, visibility, userId: "owner" };
        expect(mayChange(actor, guarded) && !mayRead(actor, guarded)).toBe(false);
      }
});
