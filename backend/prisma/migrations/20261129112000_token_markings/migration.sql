-- AlterTable
ALTER TABLE "api_tokens" ADD COLUMN     "max_tlp" TEXT,
ADD COLUMN     "pap" TEXT,
ADD COLUMN     "tlp" TEXT;
