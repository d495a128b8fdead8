import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import type { RedisConnection } from "../../limits/redis.ts";
import type { SourceRegistry } from "../lookups/source-registry.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { type CountsStore, createCountsStore } from "./counts-store.ts";
import { createMemoryCounter } from "./memory-counter.ts";
import { createQuotaMetrics, type MeasuredWindow } from "./metrics.ts";
import type { QuotaCounter } from "./quota-counter.ts";
import { createQuotas, type Quotas } from "./quotas.ts";
import { createRedisCounter } from "./redis-counter.ts";
import { type Rests, subjectOfSecret, subjectOfSource } from "./rests.ts";

export interface OpenQuotasOptions {
  readonly db: Database;
  /** null: this is the only node, and counts in its memory. */
  readonly redis: RedisConnection | null;
  readonly rests: Rests;
  readonly secrets: SecretStore;
  readonly registry: SourceRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Counts in Redis where there is one, for all nodes; else in the memory of this node. Both are kept in the database. */
export async function openQuotas(options: OpenQuotasOptions): Promise<Quotas> {
  const { db, redis, rests, clock, log } = options;
  const counts = createCountsStore(db, clock, log);
  const counter = redis
    ? keptRedisCounter(redis, counts)
    : createMemoryCounter({
        clock,
        states: await counts.all(),
        onChange: (subject, state) => counts.note(subject, () => state),
      });
  const quotas: Quotas = createQuotas({
    counter,
    rests,
    counted: redis ? "all_nodes" : "this_node",
    metrics: createQuotaMetrics(() => measure(quotas, options)),
    clock,
    log,
  });
  return {
    ...quotas,
    async close() {
      await quotas.close();
      await counts.close();
    },
  };
}

function keptRedisCounter({ client }: RedisConnection, counts: CountsStore): QuotaCounter {
  const counter = createRedisCounter({
    client,
    restore: counts.find,
    onChange: (subject) => counts.note(subject, () => counter.snapshot(subject)),
  });
  return counter;
}

async function measure(
  quotas: Quotas,
  { secrets, registry }: Pick<OpenQuotasOptions, "secrets" | "registry">,
): Promise<MeasuredWindow[]> {
  const ofSecrets = secrets.withQuota().map(({ id, name, quota }) => ({
    subject: subjectOfSecret(id),
    quota,
    whose: { "assay.secret": name },
  }));
  const ofSources = registry
    .all()
    .filter(({ limits }) => limits.quota.length > 0)
    .map(({ snapshot: { id, slug }, limits: { quota } }) => ({
      subject: subjectOfSource(id),
      quota,
      whose: { "assay.source": slug },
    }));
  const asked = [...ofSecrets, ...ofSources];
  const standings = await quotas.standings(asked);
  return asked.flatMap(({ whose }, at) =>
    (standings[at]?.windows ?? []).flatMap(({ per, left }) => (left === null ? [] : [{ whose, per, left }])),
  );
}
