-- The audit chain in one statement: the head row, which every writer of the tenant waits for, is locked for as long as this takes and the commit that
-- follows, and for no trip to the client in between.

-- A field as the hash covers it: its length before it (4 octets, little-endian; -1 for null), so that no two entries read alike.
CREATE FUNCTION audit_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value IS NULL THEN '\xffffffff'::bytea
        ELSE set_byte(set_byte(set_byte(set_byte('\x00000000'::bytea, 0, n & 255), 1, (n >> 8) & 255), 2, (n >> 16) & 255), 3, (n >> 24) & 255)
            || convert_to(value, 'UTF8') END
    FROM octet_length(convert_to(value, 'UTF8')) AS n
$$;

-- Appends entries of one writer to the tenant's chain. Entry n's hash covers entry n-1's: SHA-256 over it and every field.
CREATE FUNCTION audit_append(
    tenant uuid, at timestamptz, actor_kind smallint, actor_id uuid, actor_name text, ip text, request_id text,
    actions text[], entities text[], entity_ids text[], befores text[], afters text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
    chain bytea;
    who bytea := audit_field(actor_kind::text) || audit_field(actor_id::text) || audit_field(actor_name);
    moment bytea := audit_field(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'));
BEGIN
    INSERT INTO audit_heads AS h (tenant_id, seq, hash) VALUES (tenant, 0, ''::bytea)
    ON CONFLICT (tenant_id) DO UPDATE SET seq = h.seq RETURNING h.seq, h.hash INTO last, chain;
    FOR i IN 1 .. cardinality(actions) LOOP
        last := last + 1;
        chain := sha256(chain || audit_field(tenant::text) || audit_field(last::text) || moment || who
            || audit_field(actions[i]) || audit_field(entities[i]) || audit_field(entity_ids[i]) || audit_field(befores[i]) || audit_field(afters[i])
            || audit_field(ip) || audit_field(request_id));
        INSERT INTO audit_log (tenant_id, seq, at, actor_kind, actor_id, actor_name, action, entity, entity_id, before, after, ip, request_id, hash)
        VALUES (tenant, last, at, actor_kind, actor_id, actor_name, actions[i], entities[i], entity_ids[i], befores[i]::json, afters[i]::json, ip,
            request_id, chain);
    END LOOP;
    UPDATE audit_heads h SET seq = last, hash = chain WHERE h.tenant_id = tenant;
END $$;
