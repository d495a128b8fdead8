-- Batches in the order in which retention deletes them.
CREATE INDEX "batches_ended_at_idx" ON "batches"("ended_at") WHERE "ended_at" IS NOT NULL AND "node" IS NULL;
