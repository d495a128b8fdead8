import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./run.ts";

/** The committed description of the REST API. */
export const openApiFile = join(root, "packages", "contract", "openapi.json");

/** The same, as the endpoint table gives it now. */
export async function openApiText(): Promise<string> {
  // Loaded late: a contract that does not compile must not stop scripts that have no use for it.
  const { openApiDocument } = await import("@assay/contract");
  const { version }: { version: string } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return `${JSON.stringify(openApiDocument(version), null, 2)}\n`;
}

/** The committed table of who may call what. */
export const accessFile = join(root, "docs", "access.md");

/** The same, as the endpoint table gives it now. */
export async function accessText(): Promise<string> {
  const { accessTable } = await import("@assay/contract");
  return accessTable();
}
