-- Tenants, isolation, audit, outbox, idempotency keys.
-- Roles (made before the first migration): dotmac_app works for one pinned tenant, dotmac_aaa serves RADIUS for all tenants,
-- dotmac_platform looks up identities and onboards tenants. None of them owns anything here or can bypass row security.

GRANT USAGE ON SCHEMA public TO dotmac_app, dotmac_aaa, dotmac_platform;

-- The tenant that the current transaction is pinned to; null when none is, and then no tenant row matches.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

-- Row security for a tenant table, enabled and forced: dotmac_app sees and writes the pinned tenant's rows alone.
CREATE PROCEDURE isolate(tenant_table regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY pinned_tenant ON %s TO dotmac_app
                    USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', tenant_table);
END $$;

-- A role that works across tenants sees a table's rows of all of them (its grants still say what it may do).
CREATE PROCEDURE open_across_tenants(tenant_table regclass, to_role text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY %I ON %s TO %I USING (true) WITH CHECK (true)', 'across_' || to_role, tenant_table, to_role);
END $$;

CREATE TABLE tenants (
    tenant_id  uuid PRIMARY KEY,
    slug       text NOT NULL CONSTRAINT tenants_slug_key UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name       text NOT NULL,
    status     smallint NOT NULL DEFAULT 1,          -- 0 trial, 1 active, 2 suspended (of management only), 3 cancelled
    time_zone  text NOT NULL DEFAULT 'UTC',
    currency   char(3) NOT NULL DEFAULT 'USD',
    locale     text NOT NULL DEFAULT 'en',
    created_at timestamptz NOT NULL DEFAULT now(),
    version    int NOT NULL DEFAULT 1
);
CALL isolate('tenants');
CALL open_across_tenants('tenants', 'dotmac_platform');
CALL open_across_tenants('tenants', 'dotmac_aaa');
GRANT SELECT, UPDATE (name, time_zone, currency, locale, version) ON tenants TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON tenants TO dotmac_platform;
GRANT SELECT ON tenants TO dotmac_aaa;

-- Append-only, hash-chained per tenant: hash covers the previous row's hash and every field of this row.
CREATE TABLE audit_log (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    seq        bigint NOT NULL,
    at         timestamptz NOT NULL,
    actor_kind smallint NOT NULL,                    -- 0 anonymous, 1 user, 2 API key, 3 system
    actor_id   uuid,
    actor_name text NOT NULL,
    action     text NOT NULL,
    entity     text NOT NULL,
    entity_id  text NOT NULL,
    before     json,                                 -- json, not jsonb: the hash covers the text as written
    after      json,
    ip         text,
    request_id text,
    hash       bytea NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_log_at ON audit_log (tenant_id, at DESC);
CREATE INDEX audit_log_entity ON audit_log (tenant_id, entity, entity_id, seq DESC);
CALL isolate('audit_log');
CALL open_across_tenants('audit_log', 'dotmac_platform');
GRANT SELECT, INSERT ON audit_log TO dotmac_app, dotmac_platform;

CREATE TABLE audit_heads (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    seq       bigint NOT NULL,
    hash      bytea NOT NULL
);
CALL isolate('audit_heads');
CALL open_across_tenants('audit_heads', 'dotmac_platform');
GRANT SELECT, INSERT, UPDATE ON audit_heads TO dotmac_app, dotmac_platform;

-- Events committed with their cause, delivered at least once by the worker.
CREATE TABLE outbox (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    type            text NOT NULL,
    payload         jsonb NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    attempts        int NOT NULL DEFAULT 0,
    last_error      text,
    dispatched_at   timestamptz,
    dead_at         timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (next_attempt_at, id) WHERE dispatched_at IS NULL AND dead_at IS NULL;
CALL isolate('outbox');
CALL open_across_tenants('outbox', 'dotmac_platform');
GRANT SELECT, INSERT ON outbox TO dotmac_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO dotmac_platform;

CREATE TABLE idempotency_keys (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    response    bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
CALL isolate('idempotency_keys');
CALL open_across_tenants('idempotency_keys', 'dotmac_platform');
GRANT SELECT, INSERT ON idempotency_keys TO dotmac_app;
GRANT SELECT, INSERT, DELETE ON idempotency_keys TO dotmac_platform;
