import {
  type CacheLifetimes,
  effectiveConfig,
  type ConfigSchema,
  type IndicatorKind,
  type LimitMode,
  type QuotaWindow,
  type SecretSlot,
  type SourceSnapshot,
  type StripPart,
  type Tlp,
} from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Database } from "../../db/database.ts";
import { followChanges } from "../../db/follow-changes.ts";
import type { PlannableSource } from "./plannable.ts";

/** Every source, held in memory and kept true by the database's own word of a change. */
export interface SourceRegistry {
  all(): readonly PlannableSource[];
  get(id: string): PlannableSource | undefined;
  /** Reads all sources again; resolves when lookups see them. */
  reload(): Promise<void>;
  /** Called after every reload. */
  onChange(listener: () => void): void;
}

interface Row {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly language: SourceSnapshot["language"];
  readonly code: string;
  readonly code_hash: string;
  readonly supported_indicators: IndicatorKind[];
  readonly disabled_indicators: IndicatorKind[];
  readonly enabled: boolean;
  readonly hosts: string[];
  readonly secret_slots: SecretSlot[];
  readonly exposure: SourceSnapshot["exposure"];
  readonly reliability: SourceSnapshot["reliability"];
  readonly max_tlp: Tlp;
  readonly strip: StripPart[];
  readonly config: ConfigSchema;
  readonly config_values: Record<string, unknown>;
  readonly timeout_ms: number;
  readonly cache_enabled: boolean;
  readonly cache_lifetimes: CacheLifetimes;
  readonly limit_enabled: boolean;
  readonly quota: QuotaWindow[];
  readonly quota_reserve_percent: number;
  readonly calls_per_lookup: number;
  readonly limit_mode: LimitMode;
  readonly limit_wait_ms: number;
  readonly version_id: string;
  readonly provider: { id: string; slug: string; name: string; family: string; enabled: boolean };
}

const sourcesSql = `
SELECT s.*, jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'family', p.family, 'enabled', p.enabled) AS provider
FROM sources s JOIN providers p ON p.id = s.provider_id ORDER BY s.slug`;

/** Loads the sources and follows their changes. */
export async function openSourceRegistry(db: Database, log: Logger): Promise<SourceRegistry> {
  let sources: readonly PlannableSource[] = [];
  let byId = new Map<string, PlannableSource>();
  const listeners: (() => void)[] = [];

  const load = async (): Promise<void> => {
    const { rows } = await db.pool.query<Row>(sourcesSql);
    sources = rows.map(plannable);
    byId = new Map(sources.map((source) => [source.snapshot.id, source]));
    for (const listener of listeners) listener();
  };
  const { reload } = await followChanges(db, { channels: ["sources_changed"], what: "sources", log, load });
  return {
    all: () => sources,
    get: (id) => byId.get(id),
    reload,
    onChange: (listener) => void listeners.push(listener),
  };
}

function plannable(row: Row): PlannableSource {
  const { enabled: providerEnabled, ...provider } = row.provider;
  return {
    snapshot: {
      id: row.id,
      slug: row.slug,
      name: row.name,
      language: row.language,
      versionId: row.version_id,
      provider,
      exposure: row.exposure,
      reliability: row.reliability,
    },
    language: row.language,
    enabled: row.enabled,
    providerEnabled,
    supportedIndicators: new Set(row.supported_indicators),
    disabledIndicators: new Set(row.disabled_indicators),
    maxTlp: row.max_tlp,
    strip: row.strip,
    hosts: row.hosts,
    secretSlots: row.secret_slots,
    timeoutMs: row.timeout_ms,
    cacheEnabled: row.cache_enabled,
    cacheLifetimes: row.cache_lifetimes,
    limits: {
      enabled: row.limit_enabled,
      quota: row.quota,
      callsPerLookup: row.calls_per_lookup,
      reservePercent: row.quota_reserve_percent,
      waitMs: row.limit_mode === "wait" ? row.limit_wait_ms : 0,
      countedFor: row.id,
    },
    configJson: JSON.stringify(effectiveConfig(row.config, row.config_values)),
    code: row.code,
    codeHash: row.code_hash,
  };
}
