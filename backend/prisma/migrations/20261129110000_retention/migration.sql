-- AlterTable
ALTER TABLE "requests" ADD COLUMN     "answers_pruned" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "answers_pruned_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "source_requests_outcome_created_at_idx" ON "source_requests"("outcome", "created_at");
