-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "calls_per_lookup" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "limit_enabled" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "limit_mode" TEXT NOT NULL DEFAULT 'fail',
ADD COLUMN     "limit_wait_ms" INTEGER NOT NULL DEFAULT 10000,
ADD COLUMN     "quota" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "quota_reserve_percent" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "secrets" ADD COLUMN     "quota" JSONB,
ADD COLUMN     "quota_reserve_percent" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "quota_rests" (
    "subject" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quota_rests_pkey" PRIMARY KEY ("subject")
);

-- CreateTable
CREATE TABLE "quota_counts" (
    "subject" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quota_counts_pkey" PRIMARY KEY ("subject")
);
