import { writeFile } from "node:fs/promises";
import { reportFailure } from "./launch/report.ts";
import { accessFile, accessText, openApiFile, openApiText } from "./setup/openapi.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

try {
  await setUp({ prismaClient: true });
  await writeFile(openApiFile, await openApiText());
  await writeFile(accessFile, await accessText());
  say("Generated: database client, packages/contract/openapi.json, docs/access.md");
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
