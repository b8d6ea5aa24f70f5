-- As 0046 has it (4 octets of length, little-endian; -1 for null; then UTF-8), as one expression, which the planner puts in place where it is called:
-- a function of its own was parsed and planned anew at each of its thirteen places in every transaction, under the lock that all writers of the tenant
-- wait for.
CREATE OR REPLACE FUNCTION audit_field(value text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        int4send(((octet_length(convert_to(value, 'UTF8')) & 255) << 24) | ((octet_length(convert_to(value, 'UTF8')) & 65280) << 8)
            | ((octet_length(convert_to(value, 'UTF8')) >> 8) & 65280) | (octet_length(convert_to(value, 'UTF8')) >> 24))
            || convert_to(value, 'UTF8'),
        '\xffffffff'::bytea)
$$;

-- As 0046 has it; the head is locked where it stands and written once, not twice.
CREATE OR REPLACE FUNCTION audit_append(
    tenant uuid, at timestamptz, actor_kind smallint, actor_id uuid, actor_name text, ip text, request_id text,
    actions text[], entities text[], entity_ids text[], befores text[], afters text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
    chain bytea;
    who bytea := audit_field(actor_kind::text) || audit_field(actor_id::text) || audit_field(actor_name);
    moment bytea := audit_field(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'));
BEGIN
    SELECT h.seq, h.hash INTO last, chain FROM audit_heads h WHERE h.tenant_id = tenant FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_heads AS h (tenant_id, seq, hash) VALUES (tenant, 0, ''::bytea)
        ON CONFLICT (tenant_id) DO UPDATE SET seq = h.seq RETURNING h.seq, h.hash INTO last, chain;
    END IF;
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
