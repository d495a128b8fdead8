-- CreateTable
CREATE TABLE "batches" (
    "id" TEXT NOT NULL,
    "name" TEXT,
    "status" TEXT NOT NULL,
    "problem" TEXT,
    "tlp" TEXT NOT NULL,
    "pap" TEXT NOT NULL,
    "visibility" TEXT NOT NULL,
    "source_ids" TEXT[],
    "deadline_ms" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "found" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "dropped" JSONB NOT NULL DEFAULT '[]',
    "dropped_count" INTEGER NOT NULL DEFAULT 0,
    "kinds" JSONB NOT NULL DEFAULT '{}',
    "total" INTEGER NOT NULL DEFAULT 0,
    "ignored" INTEGER NOT NULL DEFAULT 0,
    "claimed" INTEGER NOT NULL DEFAULT 0,
    "running" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "incomplete" INTEGER NOT NULL DEFAULT 0,
    "malicious" INTEGER NOT NULL DEFAULT 0,
    "suspicious" INTEGER NOT NULL DEFAULT 0,
    "benign" INTEGER NOT NULL DEFAULT 0,
    "unknown" INTEGER NOT NULL DEFAULT 0,
    "rate" DOUBLE PRECISION,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "node" TEXT,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "batches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_items" (
    "batch_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "note" TEXT,
    "verdict" TEXT,
    "score" DOUBLE PRECISION,
    "sources_failed" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "batch_items_pkey" PRIMARY KEY ("batch_id","position")
);

-- CreateIndex
CREATE INDEX "batches_created_at_id_idx" ON "batches"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "batches_user_id_created_at_id_idx" ON "batches"("user_id", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "batch_items" ADD CONSTRAINT "batch_items_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batches"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot state: conditions, and indexes on a part of the rows.

ALTER TABLE "batches" ADD CONSTRAINT "batches_visibility_check"
  CHECK ("visibility" = 'private' OR ("visibility" = 'everyone' AND "tlp" <> 'RED'));

-- What a worker looks for: batches to run, and those that some worker still has something of.
CREATE INDEX "batches_open_idx" ON "batches"("created_at") WHERE "status" = 'running' OR "node" IS NOT NULL;

-- Pages of one verdict, and of what was not looked up. Other filters read the batch's own part of the primary key.
CREATE INDEX "batch_items_verdict_idx" ON "batch_items"("batch_id", "verdict", "position") WHERE "verdict" IS NOT NULL;
CREATE INDEX "batch_items_state_idx" ON "batch_items"("batch_id", "state", "position") WHERE "state" IN ('failed', 'ignored');
