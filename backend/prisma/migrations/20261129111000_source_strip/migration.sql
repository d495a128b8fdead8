-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "strip" TEXT[] DEFAULT ARRAY[]::TEXT[];
