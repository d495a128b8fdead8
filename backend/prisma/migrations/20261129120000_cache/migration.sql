-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "cache_enabled" BOOLEAN,
ADD COLUMN     "cache_lifetimes" JSONB;

-- Sources that are there get what a new one of their exposure gets; those of the catalogue are upgraded at the start.
UPDATE "sources" SET "cache_enabled" = true, "cache_lifetimes" = CASE "exposure"
    WHEN 'local' THEN '{"foundSeconds": 0, "notFoundSeconds": 0, "failedSeconds": 0, "staleSeconds": 0}'::jsonb
    WHEN 'active' THEN '{"foundSeconds": 3600, "notFoundSeconds": 3600, "failedSeconds": 0, "staleSeconds": 0}'::jsonb
    WHEN 'public' THEN '{"foundSeconds": 3600, "notFoundSeconds": 0, "failedSeconds": 0, "staleSeconds": 0}'::jsonb
    ELSE '{"foundSeconds": 86400, "notFoundSeconds": 21600, "failedSeconds": 0, "staleSeconds": 0}'::jsonb
END;

ALTER TABLE "sources" ALTER COLUMN "cache_enabled" SET NOT NULL,
ALTER COLUMN "cache_lifetimes" SET NOT NULL;
