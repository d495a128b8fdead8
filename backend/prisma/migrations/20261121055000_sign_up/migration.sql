-- AlterTable
ALTER TABLE "users" ADD COLUMN     "awaiting_approval" BOOLEAN NOT NULL DEFAULT false;
