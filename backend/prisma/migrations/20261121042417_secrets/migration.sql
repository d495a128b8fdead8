-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "secret_slots" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "secrets" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "hosts" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "key_id" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "value_set_at" TIMESTAMPTZ(3) NOT NULL,
    "refused_since" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "created_user_id" TEXT,
    "updated_user_id" TEXT,

    CONSTRAINT "secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_secrets" (
    "source_id" TEXT NOT NULL,
    "slot" TEXT NOT NULL,
    "secret_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "exposed" BOOLEAN NOT NULL,

    CONSTRAINT "source_secrets_pkey" PRIMARY KEY ("source_id","slot","secret_id")
);

-- CreateIndex
CREATE INDEX "secrets_name_id_idx" ON "secrets"("name", "id");

-- CreateIndex
CREATE INDEX "source_secrets_secret_id_idx" ON "source_secrets"("secret_id");

-- AddForeignKey
ALTER TABLE "source_secrets" ADD CONSTRAINT "source_secrets_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_secrets" ADD CONSTRAINT "source_secrets_secret_id_fkey" FOREIGN KEY ("secret_id") REFERENCES "secrets"("id") ON DELETE CASCADE ON UPDATE CASCADE;
