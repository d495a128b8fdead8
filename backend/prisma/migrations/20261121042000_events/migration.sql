-- CreateTable
CREATE TABLE "events" (
    "sequence" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT,
    "token_id" TEXT,
    "action" TEXT NOT NULL,
    "object_type" TEXT NOT NULL,
    "object_id" TEXT,
    "object_name" TEXT NOT NULL,
    "changes" JSONB NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "address" TEXT,
    "user_agent" TEXT,
    "request_id" TEXT,
    "trace_id" TEXT,

    CONSTRAINT "events_pkey" PRIMARY KEY ("sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "events_id_key" ON "events"("id");

-- CreateIndex
CREATE INDEX "events_created_at_idx" ON "events"("created_at");

-- CreateIndex
CREATE INDEX "events_actor_id_sequence_idx" ON "events"("actor_id", "sequence" DESC);

-- CreateIndex
CREATE INDEX "events_action_sequence_idx" ON "events"("action", "sequence" DESC);

-- CreateIndex
CREATE INDEX "events_object_type_object_id_sequence_idx" ON "events"("object_type", "object_id", "sequence" DESC);

-- Events are only ever added. The retention job says with assay.events_before, for its own transaction, up to when rows may go;
-- what is younger than four weeks does not go at all.
CREATE FUNCTION "events_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD."created_at" < LEAST(
    NULLIF(current_setting('assay.events_before', true), '')::timestamptz,
    now() - interval '28 days'
  ) AND NULLIF(current_setting('assay.events_before', true), '') IS NOT NULL THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'events are only ever added, never changed or deleted' USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER "events_append_only" BEFORE UPDATE OR DELETE ON "events"
  FOR EACH ROW EXECUTE FUNCTION "events_refuse_change"();

CREATE TRIGGER "events_no_truncate" BEFORE TRUNCATE ON "events"
  FOR EACH STATEMENT EXECUTE FUNCTION "events_refuse_change"();
