-- AlterTable
ALTER TABLE "requests" ADD COLUMN     "batch_id" TEXT,
ADD COLUMN     "caller_class" TEXT NOT NULL DEFAULT 'api',
ADD COLUMN     "parent_id" TEXT;

-- What schema.prisma cannot state: most lookups have neither a batch nor a parent.
CREATE INDEX "requests_batch_id_id_idx" ON "requests"("batch_id", "id") WHERE "batch_id" IS NOT NULL;
CREATE INDEX "requests_parent_id_id_idx" ON "requests"("parent_id", "id") WHERE "parent_id" IS NOT NULL;
