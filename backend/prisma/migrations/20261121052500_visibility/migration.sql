-- DropIndex
DROP INDEX "requests_created_at_id_idx";

-- DropIndex
DROP INDEX "requests_user_id_created_at_id_idx";

-- AlterTable
-- A row whose writer does not say is private: a node of an older version may still be writing.
ALTER TABLE "requests" ADD COLUMN     "visibility" TEXT NOT NULL DEFAULT 'everyone';
UPDATE "requests" SET "visibility" = 'private' WHERE "tlp" = 'RED';
ALTER TABLE "requests" ALTER COLUMN "visibility" SET DEFAULT 'private';

-- What schema.prisma cannot state: conditions, and indexes on a part of the rows.

ALTER TABLE "requests" ADD CONSTRAINT "requests_visibility_check"
  CHECK ("visibility" = 'private' OR ("visibility" = 'everyone' AND "tlp" <> 'RED'));

-- One for each part of what somebody may read, in the order of the lists: what is open, one's own, and others' for whoever reads all.
CREATE INDEX "requests_everyone_created_at_id_idx" ON "requests"("created_at" DESC, "id" DESC) WHERE "visibility" = 'everyone';
CREATE INDEX "requests_private_user_id_created_at_id_idx" ON "requests"("user_id", "created_at" DESC, "id" DESC) WHERE "visibility" = 'private';
CREATE INDEX "requests_private_created_at_id_idx" ON "requests"("created_at" DESC, "id" DESC) WHERE "visibility" = 'private';
