-- AlterTable
ALTER TABLE "batch_items" ADD COLUMN     "closed" BOOLEAN NOT NULL DEFAULT false;

-- Those whose lookup has been closed already.
UPDATE "batch_items" i SET "closed" = true FROM "requests" r, "batches" b
  WHERE b."visibility" = 'everyone' AND r."batch_id" = b."id" AND r."visibility" = 'private'
    AND i."batch_id" = b."id" AND i."kind" = r."kind" AND i."data" = r."data";
