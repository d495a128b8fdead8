import type { Database, Transaction } from "../../db/database.ts";
import type { Prisma, Provider } from "../../db/generated/client.ts";

export type ProviderRow = Provider;
export type ProviderFields = Omit<Provider, "catalogueManifest"> & { catalogueManifest?: Prisma.InputJsonValue };

export interface ProviderFilter {
  /** Added one of its sources. */
  readonly createdUserId?: string | undefined;
}

/** Providers that pass the filter, by name, after the position. */
export function listProviders(
  db: Database,
  { createdUserId }: ProviderFilter,
  after: { name: string; id: string } | null,
  limit: number,
): Promise<ProviderRow[]> {
  return db.prisma.provider.findMany({
    where: {
      ...(createdUserId !== undefined && { sources: { some: { createdUserId } } }),
      ...(after && { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] }),
    },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
  });
}

export function findProvider(db: Database, key: { id: string } | { slug: string }): Promise<ProviderRow | null> {
  return db.prisma.provider.findUnique({ where: key });
}

export async function providerSlugs(db: Database, prefix: string): Promise<string[]> {
  const rows = await db.prisma.provider.findMany({ where: { slug: { startsWith: prefix } }, select: { slug: true } });
  return rows.map(({ slug }) => slug);
}

export function insertProvider(tx: Transaction, provider: ProviderFields): Promise<ProviderRow> {
  return tx.provider.create({ data: provider });
}

export function updateProvider(tx: Transaction, id: string, change: Partial<ProviderFields>): Promise<ProviderRow> {
  return tx.provider.update({ where: { id }, data: change });
}

export async function deleteProvider(tx: Transaction, id: string): Promise<void> {
  await tx.provider.delete({ where: { id } });
}

/** Every provider, for the catalogue. */
export function allProviders(tx: Transaction): Promise<ProviderRow[]> {
  return tx.provider.findMany();
}
