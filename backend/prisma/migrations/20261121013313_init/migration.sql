-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "roles" TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "sid" VARCHAR NOT NULL,
    "sess" JSON NOT NULL,
    "expire" TIMESTAMP(6) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("sid")
);

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "providers" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "url" TEXT,
    "family" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "catalogue" BOOLEAN NOT NULL,
    "catalogue_manifest" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "providers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "supported_indicators" TEXT[],
    "disabled_indicators" TEXT[],
    "enabled" BOOLEAN NOT NULL,
    "hosts" TEXT[],
    "exposure" TEXT NOT NULL,
    "reliability" TEXT NOT NULL,
    "max_tlp" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "config_values" JSONB NOT NULL,
    "timeout_ms" INTEGER NOT NULL,
    "tags" TEXT[],
    "url" TEXT,
    "provider_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "version_number" INTEGER NOT NULL,
    "catalogue" BOOLEAN NOT NULL,
    "catalogue_manifest" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "created_user_id" TEXT,
    "updated_user_id" TEXT,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_versions" (
    "id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_user_id" TEXT,

    CONSTRAINT "source_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "requests" (
    "id" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "tlp" TEXT NOT NULL,
    "pap" TEXT NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "user_id" TEXT NOT NULL,
    "trace_id" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "summary" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "node" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_requests" (
    "id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "source_id" TEXT,
    "sequence" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "server_settings" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_user_id" TEXT,

    CONSTRAINT "server_settings_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sessions_expire_idx" ON "sessions"("expire");

-- CreateIndex
CREATE INDEX "api_tokens_user_id_created_at_id_idx" ON "api_tokens"("user_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "providers_slug_key" ON "providers"("slug");

-- CreateIndex
CREATE INDEX "providers_name_id_idx" ON "providers"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sources_slug_key" ON "sources"("slug");

-- CreateIndex
CREATE INDEX "sources_name_id_idx" ON "sources"("name", "id");

-- CreateIndex
CREATE INDEX "sources_provider_id_name_id_idx" ON "sources"("provider_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "source_versions_source_id_number_key" ON "source_versions"("source_id", "number" DESC);

-- CreateIndex
CREATE INDEX "requests_created_at_id_idx" ON "requests"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "requests_user_id_created_at_id_idx" ON "requests"("user_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "source_requests_source_id_created_at_id_idx" ON "source_requests"("source_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "source_requests_request_id_sequence_key" ON "source_requests"("request_id", "sequence");

-- AddForeignKey
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sources" ADD CONSTRAINT "sources_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "providers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_versions" ADD CONSTRAINT "source_versions_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_requests" ADD CONSTRAINT "source_requests_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "requests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_requests" ADD CONSTRAINT "source_requests_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Indexes that schema.prisma cannot state: on an expression, or on a part of the rows.

-- An indicator may be longer than a key of an index may be: ask for md5(data) = md5($1) AND data = $1.
CREATE INDEX "requests_data_created_at_id_idx" ON "requests"(md5("data"), "created_at" DESC, "id" DESC);

-- Lookups whose process has gone silent.
CREATE INDEX "requests_running_lease_until_idx" ON "requests"("lease_until") WHERE "status" = 'running';

-- Signing a user out everywhere.
CREATE INDEX "sessions_user_idx" ON "sessions"(("sess" -> 'passport' ->> 'user'));
