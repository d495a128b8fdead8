-- CreateIndex
CREATE INDEX "requests_kind_created_at_id_idx" ON "requests"("kind", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "requests_verdict_created_at_id_idx" ON "requests"("verdict", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "source_requests_outcome_source_id_request_id_idx" ON "source_requests"("outcome", "source_id", "request_id");

-- The host of an indicator, read from its end, with a dot after it: "example.com" is "moc.elpmaxe.", so that a name and all below it
-- have one beginning. null: it has no host that is a name.
CREATE FUNCTION request_host(kind text, data text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  host text;
BEGIN
  CASE kind
    WHEN 'DOMAIN', 'ONION' THEN host := data;
    WHEN 'EMAIL' THEN host := substring(data from '@([^@]+)$');
    WHEN 'URL' THEN host := substring(data from '^[^:]+://(?:[^/?#\\]*@)?([^/?#\\:@\[\]]+)');
    ELSE RETURN NULL;
  END CASE;
  RETURN '.' || left(host, 253);
END $$;

-- The address, or the network, that an indicator is; null: none. Never fails: a lookup must be stored whatever it is of.
CREATE FUNCTION request_address(kind text, data text) RETURNS inet LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  CASE kind
    WHEN 'IPV4', 'IPV6', 'CIDR' THEN RETURN data::inet;
    WHEN 'IP_PORT' THEN RETURN btrim(regexp_replace(data, ':\d+$', ''), '[]')::inet;
    ELSE RETURN NULL;
  END CASE;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;

-- Indexes that schema.prisma cannot state.

-- By what an indicator begins with; its first 200 characters, because a key of an index cannot be longer than 2,700 bytes.
CREATE INDEX "requests_prefix_idx" ON "requests"(left("data", 200) text_pattern_ops);

CREATE INDEX "requests_host_idx" ON "requests"(reverse(request_host("kind", "data")) text_pattern_ops)
  WHERE "kind" IN ('DOMAIN', 'ONION', 'EMAIL', 'URL');

CREATE INDEX "requests_address_idx" ON "requests"(request_address("kind", "data"))
  WHERE "kind" IN ('IPV4', 'IPV6', 'CIDR', 'IP_PORT');

-- By who looked it up, of those that are open; the private ones have such an index already.
CREATE INDEX "requests_everyone_user_id_created_at_id_idx" ON "requests"("user_id", "created_at" DESC, "id" DESC) WHERE "visibility" = 'everyone';
