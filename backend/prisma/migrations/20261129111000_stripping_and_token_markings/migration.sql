-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "strip" TEXT[] DEFAULT ARRAY[]::TEXT[];
-- AlterTable
ALTER TABLE "api_tokens" ADD COLUMN     "max_tlp" TEXT,
ADD COLUMN     "pap" TEXT,
ADD COLUMN     "tlp" TEXT;
