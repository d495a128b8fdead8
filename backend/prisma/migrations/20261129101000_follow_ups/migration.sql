-- AlterTable
ALTER TABLE "requests" ADD COLUMN     "follow_up" JSONB,
ADD COLUMN     "followed" BOOLEAN;

-- What schema.prisma cannot state: nothing is in a tree of follow-ups twice, and what still has to be followed is few.
CREATE UNIQUE INDEX "requests_tree_key" ON "requests"(("follow_up"->>'rootId'), md5("data"), "kind") WHERE "follow_up" IS NOT NULL;
CREATE INDEX "requests_unfollowed_lease_until_idx" ON "requests"("lease_until") WHERE "followed" = false;
