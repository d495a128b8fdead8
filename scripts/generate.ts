import { writeFile } from "node:fs/promises";
import { reportFailure } from "./launch/report.ts";
import { securityFile, securityText } from "./setup/attack-table.ts";
import { accessFile, accessText, openApiFile, openApiText } from "./setup/openapi.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

try {
  await setUp({ prismaClient: true });
  await writeFile(openApiFile, await openApiText());
  await writeFile(securityFile, await securityText());
  await writeFile(accessFile, await accessText());
  say(
    "Generated: database client, packages/contract/openapi.json, docs/access.md, the table of attacks in docs/security.md",
  );
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
