-- CreateTable
CREATE TABLE "decisions" (
    "id" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_user_id" TEXT,
    "ended_user_name" TEXT,
    "replaced_by_id" TEXT,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "decisions_created_at_id_idx" ON "decisions"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "decisions_user_id_created_at_id_idx" ON "decisions"("user_id", "created_at" DESC, "id" DESC);

-- Indexes that schema.prisma cannot state.

CREATE UNIQUE INDEX "decisions_open_key" ON "decisions"(md5("data"), "kind") WHERE "ended_at" IS NULL;

CREATE INDEX "decisions_data_created_at_id_idx" ON "decisions"(md5("data"), "created_at" DESC, "id" DESC);

CREATE INDEX "decisions_prefix_idx" ON "decisions"(left("data", 200) text_pattern_ops);
