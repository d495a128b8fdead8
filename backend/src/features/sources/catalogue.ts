import { type ConfigSchema, configValueProblems } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database, Transaction } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit, systemAudit } from "../audit/record.ts";
import { allProviders, insertProvider, type ProviderRow, updateProvider } from "../providers/queries.ts";
import { type Catalogue, type CatalogueProvider, type CatalogueSource, readCatalogue } from "./catalogue-files.ts";
import { mergeFields, sameFields } from "./catalogue-merge.ts";
import { sourcesChannel } from "./engine.ts";
import { allSources, insertSource, type SourceFields, type SourceRow, updateSource } from "./queries.ts";
import { recordSource } from "./record-source.ts";
import { writeVersion } from "./save.ts";
import { isNewVersion, writable } from "./source-fields.ts";

const catalogueLock = 4_019_378;

interface Installation {
  readonly tx: Transaction;
  readonly now: Date;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Installs the catalogue in `folder`, or what is new in it. Processes that start together wait for each other. Returns how many
 * rows were written.
 * @throws StartError with every fault of its files
 */
export async function installCatalogue(db: Database, clock: Clock, log: Logger, folder: string): Promise<number> {
  const catalogue = await readCatalogue(folder);
  return db.transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${catalogueLock})`;
    const written = await install(catalogue, { tx, now: clock.now(), clock, log });
    if (written > 0) await db.notify(sourcesChannel, "", tx);
    return written;
  });
}

async function install({ providers, sources }: Catalogue, installation: Installation): Promise<number> {
  const { tx } = installation;
  const knownProviders = new Map((await allProviders(tx)).map((row) => [row.slug, row]));
  const providerIds = new Map([...knownProviders].map(([slug, { id }]) => [slug, id]));
  let written = 0;
  for (const provider of providers) {
    const row = knownProviders.get(provider.slug);
    const id = row ? row.id : newId();
    providerIds.set(provider.slug, id);
    if (await installProvider(provider, id, row, installation)) written++;
  }
  const knownSources = new Map((await allSources(tx)).map((row) => [row.slug, row]));
  for (const source of sources) {
    const providerId = providerIds.get(source.providerSlug);
    if (providerId === undefined) continue;
    if (await installSource(source, providerId, knownSources.get(source.slug), installation)) written++;
  }
  return written + (await release(installation, { providers, sources }, knownProviders, knownSources));
}

/** What the catalogue has no more stays, and is the user's own from now on. */
async function release(
  installation: Installation,
  { providers, sources }: Catalogue,
  knownProviders: ReadonlyMap<string, ProviderRow>,
  knownSources: ReadonlyMap<string, SourceRow>,
): Promise<number> {
  const { tx, clock, log } = installation;
  const offered = { providers: new Set(providers.map(slugOf)), sources: new Set(sources.map(slugOf)) };
  const gone = {
    providers: [...knownProviders.values()].filter((row) => row.catalogue && !offered.providers.has(row.slug)),
    sources: [...knownSources.values()].filter((row) => row.catalogue && !offered.sources.has(row.slug)),
  };
  for (const row of gone.providers) {
    const changed = await updateProvider(tx, row.id, { catalogue: false });
    await recordProvider(installation, "provider.release", row, changed);
  }
  for (const row of gone.sources) {
    const changed = await updateSource(tx, row.id, { catalogue: false });
    await recordSource(tx, systemAudit(clock), "source.release", row, changed);
  }
  const slugs = [...gone.providers, ...gone.sources].map(slugOf);
  if (slugs.length > 0) log.info({ slugs }, "the catalogue no longer has these; they stay as your own");
  return slugs.length;
}

function slugOf({ slug }: { readonly slug: string }): string {
  return slug;
}

function recordProvider(
  { tx, clock }: Installation,
  action: `provider.${string}`,
  before: ProviderRow | null,
  after: ProviderRow,
): Promise<void> {
  const object = { type: "provider", id: after.id, name: after.name };
  return recordAudit(tx, systemAudit(clock), { action, object, changes: fieldChanges(before, after) });
}

/** Whether a row may be written by the catalogue. Rows that came from it once are taken back. */
function isForeign(row: ProviderRow | SourceRow, { log }: Installation): boolean {
  if (row.catalogueManifest !== null) return false;
  log.warn({ slug: row.slug }, "the catalogue has something under a slug that one of your own has; yours stays");
  return true;
}

async function installProvider(
  { slug, fields }: CatalogueProvider,
  id: string,
  row: ProviderRow | undefined,
  installation: Installation,
): Promise<boolean> {
  const { tx, now } = installation;
  if (!row) {
    const whole = { id, slug, ...fields, enabled: true, catalogue: true, catalogueManifest: fields };
    const inserted = await insertProvider(tx, { ...whole, createdAt: now, updatedAt: now });
    await recordProvider(installation, "provider.install", null, inserted);
    return true;
  }
  if (isForeign(row, installation)) return false;
  const installed = row.catalogueManifest as Record<string, unknown>;
  const change = mergeFields(row as CatalogueProvider["fields"], installed, fields);
  if (sameFields(installed, fields) && row.catalogue) return false;
  const next = { ...change, catalogue: true, catalogueManifest: fields, updatedAt: now };
  await recordProvider(installation, "provider.upgrade", row, await updateProvider(tx, row.id, next));
  return true;
}

async function installSource(
  { slug, code, fields }: CatalogueSource,
  providerId: string,
  row: SourceRow | undefined,
  installation: Installation,
): Promise<boolean> {
  const { tx, now } = installation;
  const offered = { ...fields, providerId };
  if (!row) {
    const source: SourceFields = {
      ...offered,
      id: newId(),
      slug,
      code,
      disabledIndicators: [],
      configValues: {},
      enabled: true,
      cacheEnabled: true,
      versionId: newId(),
      versionNumber: 1,
      catalogue: true,
      catalogueManifest: offered,
      createdAt: now,
      updatedAt: now,
      createdUserId: null,
      updatedUserId: null,
    };
    const inserted = await insertSource(tx, source);
    await writeVersion(tx, source);
    await recordSource(tx, systemAudit(installation.clock), "source.install", null, inserted);
    return true;
  }
  if (isForeign(row, installation)) return false;
  const installed = row.catalogueManifest as Record<string, unknown>;
  if (sameFields(installed, offered) && row.catalogue) return false;
  const change = mergeFields(row as unknown as typeof offered, installed, offered, [["codeHash", "language"]]);
  await upgradeSource(row, { ...change, ...(change.codeHash !== undefined && { code }) }, offered, installation);
  return true;
}

async function upgradeSource(
  row: SourceRow,
  change: Partial<SourceFields>,
  offered: CatalogueSource["fields"] & { readonly providerId: string },
  { tx, now, clock, log }: Installation,
): Promise<void> {
  const next = { ...writable(row), ...change };
  const values = next.configValues as Record<string, unknown>;
  const refused = configValueProblems(next.config as ConfigSchema, values).map(({ name }) => name);
  if (refused.length > 0)
    log.warn({ slug: row.slug, settings: refused }, "settings that the new version does not have");
  const upgraded = await updateSource(tx, row.id, {
    ...change,
    ...(isNewVersion(row, next) && { versionId: newId(), versionNumber: row.versionNumber + 1 }),
    configValues: Object.fromEntries(Object.entries(values).filter(([name]) => !refused.includes(name))) as object,
    catalogue: true,
    catalogueManifest: offered,
    updatedAt: now,
    updatedUserId: null,
  });
  if (upgraded.versionId !== row.versionId) await writeVersion(tx, writable(upgraded));
  await recordSource(tx, systemAudit(clock), "source.upgrade", row, upgraded);
}
