-- AlterTable
ALTER TABLE "requests" ADD COLUMN     "ignore_lists" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "ignore_lists" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "indicator_kinds" TEXT[],
    "enabled" BOOLEAN NOT NULL,
    "global" BOOLEAN NOT NULL,
    "catalogue" BOOLEAN NOT NULL,
    "catalogue_hash" TEXT,
    "version" TEXT,
    "entry_count" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "created_user_id" TEXT,
    "updated_user_id" TEXT,

    CONSTRAINT "ignore_lists_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ignore_list_entries" (
    "id" BIGSERIAL NOT NULL,
    "list_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "exception" BOOLEAN NOT NULL,

    CONSTRAINT "ignore_list_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ignore_list_sources" (
    "list_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,

    CONSTRAINT "ignore_list_sources_pkey" PRIMARY KEY ("list_id","source_id")
);

-- CreateTable
CREATE TABLE "ignore_list_providers" (
    "list_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,

    CONSTRAINT "ignore_list_providers_pkey" PRIMARY KEY ("list_id","provider_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ignore_lists_slug_key" ON "ignore_lists"("slug");

-- CreateIndex
CREATE INDEX "ignore_lists_name_id_idx" ON "ignore_lists"("name", "id");

-- CreateIndex
CREATE INDEX "ignore_list_entries_list_id_id_idx" ON "ignore_list_entries"("list_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ignore_list_entries_list_id_type_value_key" ON "ignore_list_entries"("list_id", "type", "value");

-- CreateIndex
CREATE INDEX "ignore_list_sources_source_id_idx" ON "ignore_list_sources"("source_id");

-- CreateIndex
CREATE INDEX "ignore_list_providers_provider_id_idx" ON "ignore_list_providers"("provider_id");

-- AddForeignKey
ALTER TABLE "ignore_list_entries" ADD CONSTRAINT "ignore_list_entries_list_id_fkey" FOREIGN KEY ("list_id") REFERENCES "ignore_lists"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ignore_list_sources" ADD CONSTRAINT "ignore_list_sources_list_id_fkey" FOREIGN KEY ("list_id") REFERENCES "ignore_lists"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ignore_list_sources" ADD CONSTRAINT "ignore_list_sources_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ignore_list_providers" ADD CONSTRAINT "ignore_list_providers_list_id_fkey" FOREIGN KEY ("list_id") REFERENCES "ignore_lists"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ignore_list_providers" ADD CONSTRAINT "ignore_list_providers_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "providers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Verdicts that were reached before there were conflicts have none.
UPDATE "requests" SET "summary" = "summary" || '{"conflicts": []}'::jsonb WHERE NOT "summary" ? 'conflicts';
