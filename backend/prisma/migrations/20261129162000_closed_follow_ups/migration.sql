-- AlterTable
ALTER TABLE "requests" ADD COLUMN     "closed" BOOLEAN NOT NULL DEFAULT false;

-- Whether one that is private was closed by itself cannot be told any more, so none of them is opened with a lookup above.
UPDATE "requests" SET "closed" = true WHERE "parent_id" IS NOT NULL AND "visibility" = 'private';
