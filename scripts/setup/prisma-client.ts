import { Failure } from "../failure.ts";
import { runNode } from "./run.ts";
import { sayWhile } from "./say.ts";
import { onceFor } from "./stamp.ts";

const schema = "backend/prisma/schema.prisma";

/** Generates the Prisma client from the schema, if the schema or Prisma has changed since. */
export async function generatePrismaClient(): Promise<void> {
  await onceFor(
    { name: "prisma-client", inputs: [schema, "node_modules/prisma/package.json"], output: "backend/src/db/generated" },
    () =>
      sayWhile("generating the database client", async () => {
        // Without this Prisma downloads a native engine, which generating does not run.
        const env = {
          PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
          PRISMA_HIDE_UPDATE_MESSAGE: "1",
          CHECKPOINT_DISABLE: "1",
        };
        const { exitCode, output } = await runNode("prisma/build/index.js", ["generate", "--schema", schema], env);
        if (exitCode !== 0)
          throw new Failure(`The database client could not be generated from ${schema}:\n${output.trim()}`);
      }),
  );
}
