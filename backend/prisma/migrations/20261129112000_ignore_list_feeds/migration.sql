-- AlterTable
ALTER TABLE "ignore_lists" ADD COLUMN     "feed_changed_at" TIMESTAMPTZ(3),
ADD COLUMN     "feed_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "feed_etag" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "feed_every_minutes" INTEGER,
ADD COLUMN     "feed_fetched_at" TIMESTAMPTZ(3),
ADD COLUMN     "feed_format" TEXT,
ADD COLUMN     "feed_hash" TEXT,
ADD COLUMN     "feed_invalid" TEXT,
ADD COLUMN     "feed_last_modified" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "feed_problem" TEXT,
ADD COLUMN     "feed_type" TEXT,
ADD COLUMN     "feed_url" TEXT;
