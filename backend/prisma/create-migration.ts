import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { diffMigrations } from "./diff-migrations.ts";

const [name, url] = process.argv.slice(2);
if (name === undefined || url === undefined || !/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write(
    "Usage: node backend/prisma/create-migration.ts <name_of_the_change> postgresql://user:password@host:port/database\n",
  );
  process.exit(1);
}
const sql = await diffMigrations(url);
if (sql === null) {
  process.stdout.write("The migrations already lead to schema.prisma.\n");
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const folder = join(import.meta.dirname, "migrations", `${stamp}_${name}`);
  await mkdir(folder);
  await writeFile(join(folder, "migration.sql"), sql);
  process.stdout.write(`Wrote ${folder}/migration.sql. Read it before you commit it.\n`);
}
