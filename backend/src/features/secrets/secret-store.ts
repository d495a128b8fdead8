import { type Answer, type AnswerProblem, type QuotaWindow, type SecretSlot, strictestQuota } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { SecretValue } from "@assay/proto";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { followChanges } from "../../db/follow-changes.ts";
import { type Rests, subjectOfSecret } from "../quotas/rests.ts";
import { sourcesChannel } from "../sources/engine.ts";
import {
  type AssignmentRow,
  loadSecrets,
  markRefused,
  type SecretRow,
  secretsChannel,
  updateLastUsed,
} from "./queries.ts";
import { type Candidate, hostsFor, secretProblems, type SlotStanding, standingOf } from "./slot-standing.ts";
import { placeOfSecret, type Vault } from "./vault.ts";

/** What the secrets of a source depend on. */
export interface SlotOwner {
  readonly snapshot: { readonly id: string; readonly name: string };
  readonly hosts: readonly string[];
  readonly secretSlots: readonly SecretSlot[];
}

/** The secrets that one call of a source gets. */
export interface Taken {
  readonly values: readonly SecretValue[];
  readonly secrets: readonly { readonly id: string; readonly valueSetAtMs: number }[];
}

/** A slot and the secrets that may fill it now, those of a pool in turn; none: it is optional and stays empty. */
export interface SlotChoice {
  readonly slot: SecretSlot;
  readonly secrets: readonly SecretToChoose[];
}

export interface SecretToChoose extends Candidate {
  readonly name: string;
  /** Its own, or what the slots that it fills say. */
  readonly quota: readonly QuotaWindow[];
  /** It is its own: no source lifts it. */
  readonly isQuotaOwn: boolean;
  readonly quotaReservePercent: number;
}

/** Gives the calls of sources their secrets, and learns from their answers. */
export interface SecretUse {
  /** Why the source cannot be asked as things stand; empty when it can, or could after a rest. */
  problems(source: SlotOwner): AnswerProblem[];
  /** What may fill the slots now, or why the source cannot be asked now. */
  choices(source: SlotOwner): { readonly slots: SlotChoice[] } | { readonly problems: AnswerProblem[] };
  /** Takes the chosen secret of each slot; it is the last in turn from now on. */
  take(source: SlotOwner, chosen: readonly { readonly slot: SecretSlot; readonly id: string }[]): Taken;
  /** Whether the secret still has the value that it was taken with. */
  isCurrent(taken: Taken["secrets"][number]): boolean;
  /** What a source answered that was asked with these secrets. */
  note(taken: Taken, answer: Pick<Answer, "outcome" | "problems">): void;
}

export interface LentSecret {
  readonly slot: string;
  readonly secretId: string;
}

export type SlotSecret = SecretToChoose;

/** Every secret of this installation, decrypted in the memory of this process, kept true by the database's word of a change. */
export interface SecretStore extends SecretUse {
  /** Uses the secrets of a source for code that is not (yet) its own; with `only`, that secret in that slot, rested or not. */
  lend(sourceId: string | undefined, only?: LentSecret): SecretUse;
  /** How the slots of a source stand, with the secrets in them in the order of use. */
  slots(source: SlotOwner): { slot: SecretSlot; standing: SlotStanding; secrets: SlotSecret[] }[];
  /** The quota that holds for a secret; empty: none. */
  quotaOf(id: string): readonly QuotaWindow[];
  /** All secrets with a quota. */
  withQuota(): SlotSecretQuota[];
  /** Reads all secrets again; resolves when lookups of this process see them. */
  reload(): Promise<void>;
  /** Waits for what is still being written. */
  close(): Promise<void>;
}

export type SlotSecretQuota = Pick<SecretToChoose, "id" | "name" | "quota" | "quotaReservePercent">;

interface Held {
  readonly id: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly expiresAtMs: number | null;
  readonly value: string | null;
  readonly valueSetAtMs: number;
  readonly quota: readonly QuotaWindow[];
  readonly isQuotaOwn: boolean;
  readonly quotaReservePercent: number;
  refused: boolean;
  lastUsedAtMs: number;
}

const lastUsedEveryMs = 60_000;

export async function openSecretStore(
  db: Database,
  vault: Vault,
  rests: Rests,
  clock: Clock,
  log: Logger,
): Promise<SecretStore> {
  let held = new Map<string, Held>();
  /** By source and slot, in the order of use. */
  let assigned = new Map<string, readonly { readonly secretId: string; readonly exposed: boolean }[]>();
  const turns = new Map<string, number>();
  let turn = 0;
  let complaint = "";
  let writing: Promise<void> = Promise.resolve();
  const nowMs = (): number => clock.now().getTime();

  const load = async (): Promise<void> => {
    const rows = await loadSecrets(db);
    const fills = Map.groupBy(rows.assignments, ({ secretId }) => secretId);
    held = new Map(
      rows.secrets.map((row) => [row.id, hold(row, vault, quotaOf(row, fills.get(row.id)), held.get(row.id))]),
    );
    assigned = Map.groupBy(rows.assignments, ({ sourceId, slot }) => keyOf(sourceId, slot));
    const lost = rows.secrets.filter(({ id }) => held.get(id)?.value === null);
    const next = lost.map(({ id, keyId }) => `${id} (${keyId})`).join(", ");
    if (next !== complaint && next !== "") {
      log.error(
        { count: lost.length, underKeys: [...new Set(lost.map(({ keyId }) => keyId))] },
        "secrets cannot be decrypted and are not used: ASSAY_ENCRYPTION_KEYS lacks the key they were encrypted with, or has another under its name",
      );
    }
    complaint = next;
  };
  const write = (what: string, work: () => Promise<void>): void => {
    writing = writing.then(work).catch((err: unknown) => log.warn({ err }, `${what} of a secret was not noted`));
  };

  const candidatesOf = (sourceId: string, slot: SecretSlot, only: LentSecret | undefined): (SlotSecret & Held)[] => {
    const isOnly = only?.slot === slot.name;
    const list = isOnly
      ? [{ secretId: only.secretId, exposed: true }]
      : (assigned.get(keyOf(sourceId, slot.name)) ?? []);
    return list.flatMap(({ secretId, exposed }) => {
      const secret = held.get(secretId);
      if (!secret) return [];
      const restsUntilMs = isOnly ? 0 : rests.untilMs(subjectOfSecret(secretId));
      return [{ ...secret, exposed, restsUntilMs }];
    });
  };
  const slotsOf = (source: SlotOwner, ownerId: string, only?: LentSecret) =>
    source.secretSlots.map((slot) => {
      const secrets = candidatesOf(ownerId, slot, only);
      return { slot, secrets, standing: standingOf(slot, source.hosts, secrets, nowMs()) };
    });

  const useOf = (owner: (source: SlotOwner) => string, only?: LentSecret): SecretUse => ({
    problems: (source) =>
      secretProblems(source.snapshot.name, slotsOf(source, owner(source), only), nowMs()).filter(
        ({ code }) => code !== "BUDGET",
      ),
    choices(source) {
      const slots = slotsOf(source, owner(source), only);
      const problems = secretProblems(source.snapshot.name, slots, nowMs());
      if (problems.length > 0) return { problems };
      return {
        slots: slots.map(({ slot, standing }) => ({
          slot,
          secrets: standing.state === "ready" ? standing.usable.toSorted((a, b) => turnOf(a) - turnOf(b)) : [],
        })),
      };
    },
    take(source, chosen) {
      const secrets = chosen.flatMap(({ slot, id }) => {
        const secret = held.get(id);
        return secret ? [{ slot, secret }] : [];
      });
      for (const { secret } of secrets) turns.set(secret.id, ++turn);
      return {
        values: secrets.map(({ slot, secret }) => ({
          name: slot.name,
          value: secret.value ?? "",
          hosts: hostsFor(slot, source.hosts, secret),
          exposed: slot.exposed,
        })),
        secrets: secrets.map(({ secret: { id, valueSetAtMs } }) => ({ id, valueSetAtMs })),
      };
    },
    isCurrent: ({ id, valueSetAtMs }) => held.get(id)?.valueSetAtMs === valueSetAtMs,
    note,
  });
  const turnOf = ({ id }: { readonly id: string }): number => turns.get(id) ?? 0;
  function note({ secrets }: Taken, { outcome, problems }: Pick<Answer, "outcome" | "problems">): void {
    for (const { id, valueSetAtMs } of secrets) {
      const secret = held.get(id);
      // An answer to the value before says nothing of the new one.
      if (!secret || secret.valueSetAtMs !== valueSetAtMs) continue;
      noteRefusal(
        secret,
        problems.some(({ code }) => code === "UNAUTHORIZED"),
        outcome,
      );
      noteUse(secret);
    }
  }
  function noteRefusal(secret: Held, refused: boolean, outcome: Answer["outcome"]): void {
    const accepted = outcome === "ok" || outcome === "not_found";
    if (!(refused && !secret.refused) && !(accepted && secret.refused)) return;
    secret.refused = refused;
    const since = refused ? clock.now() : null;
    write("the refusal", () => markRefused(db, secret.id, new Date(secret.valueSetAtMs), since));
  }
  function noteUse(secret: Held): void {
    const now = clock.now();
    if (now.getTime() - secret.lastUsedAtMs < lastUsedEveryMs) return;
    secret.lastUsedAtMs = now.getTime();
    write("the use", () => updateLastUsed(db, secret.id, now));
  }

  // Of sources as well: what their slots say of quotas.
  const channels = [secretsChannel, sourcesChannel];
  const changes = await followChanges(db, { channels, what: "secrets", log, load });
  return {
    ...useOf((source) => source.snapshot.id),
    lend: (sourceId, only) => useOf(() => sourceId ?? "", only),
    slots: (source) => slotsOf(source, source.snapshot.id),
    quotaOf: (id) => held.get(id)?.quota ?? [],
    withQuota: () => [...held.values()].filter(({ quota }) => quota.length > 0),
    reload: () => changes.reload(),
    async close() {
      await writing;
      await changes.close();
    },
  };
}

function keyOf(sourceId: string, slot: string): string {
  return `${sourceId} ${slot}`;
}

/** Its own quota, or of those that the slots it fills say the strictest: a key is good for so much, whoever uses it. */
function quotaOf({ id, quota }: SecretRow, fills: readonly AssignmentRow[] = []): readonly QuotaWindow[] {
  if (quota !== null) return quota as unknown as QuotaWindow[];
  const slots = fills.flatMap(({ slot, secretId, source }) =>
    secretId === id ? (source.secretSlots as unknown as SecretSlot[]).filter(({ name }) => name === slot) : [],
  );
  return strictestQuota(slots.map((slot) => slot.quota ?? []));
}

function hold(row: SecretRow, vault: Vault, quota: readonly QuotaWindow[], before: Held | undefined): Held {
  const opened = vault.open(placeOfSecret(row.id), row);
  return {
    id: row.id,
    name: row.name,
    hosts: row.hosts,
    expiresAtMs: row.expiresAt?.getTime() ?? null,
    value: opened.ok ? opened.text : null,
    valueSetAtMs: row.valueSetAt.getTime(),
    quota,
    isQuotaOwn: row.quota !== null,
    quotaReservePercent: row.quotaReservePercent,
    refused: row.refusedSince !== null,
    lastUsedAtMs: Math.max(before?.lastUsedAtMs ?? 0, row.lastUsedAt?.getTime() ?? 0),
  };
}
