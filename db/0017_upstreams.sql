-- RADIUS servers of others that requests are passed on to: EAP, and users of realms that are not ours.
CREATE TABLE radius_upstreams (
    tenant_id                     uuid NOT NULL REFERENCES tenants,
    id                            uuid NOT NULL,
    name                          text NOT NULL,
    servers                       text[] NOT NULL,     -- at least one; address:auth-port/acct-port, in order of preference
    secret                        bytea NOT NULL,     -- sealed (SecretPurpose.UpstreamSecret)
    realms                        text[] NOT NULL DEFAULT '{}',  -- lower case; * takes every realm that no other takes
    strip_realm                   boolean NOT NULL DEFAULT false,
    eap                           boolean NOT NULL DEFAULT false,
    forward_accounting            boolean NOT NULL DEFAULT false,
    strategy                      smallint NOT NULL DEFAULT 0,   -- number of DotMac.Contracts.Access.UpstreamStrategy
    priority                      int NOT NULL DEFAULT 100,      -- the lower is asked first
    response_window_ms            int NOT NULL DEFAULT 3000 CHECK (response_window_ms BETWEEN 100 AND 30000),
    status_server                 boolean NOT NULL DEFAULT true, -- it answers Status-Server (RFC 5997)
    require_message_authenticator boolean NOT NULL DEFAULT true,
    description                   text,
    enabled                       boolean NOT NULL DEFAULT true,
    created_at                    timestamptz NOT NULL DEFAULT now(),
    updated_at                    timestamptz NOT NULL DEFAULT now(),
    version                       int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX radius_upstreams_name_key ON radius_upstreams (tenant_id, lower(name));
CALL isolate('radius_upstreams');
CALL open_across_tenants('radius_upstreams', 'dotmac_aaa');
GRANT SELECT, INSERT, UPDATE, DELETE ON radius_upstreams TO dotmac_app;
GRANT SELECT ON radius_upstreams TO dotmac_aaa;
CREATE TRIGGER notify_aaa_insert AFTER INSERT ON radius_upstreams REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa();
CREATE TRIGGER notify_aaa_update AFTER UPDATE ON radius_upstreams REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa();
CREATE TRIGGER notify_aaa_delete AFTER DELETE ON radius_upstreams REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa();

-- How each node finds each upstream server; bookkeeping of the AAA plane, shown by the API.
CREATE TABLE radius_upstream_health (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    upstream_id uuid NOT NULL,
    server      text NOT NULL,
    node_id     uuid NOT NULL,
    state       text NOT NULL,                        -- alive | zombie | dead
    changed_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,
    answered    bigint NOT NULL,                      -- since the node started
    timeouts    bigint NOT NULL,
    latency_ms  double precision NOT NULL,            -- smoothed
    PRIMARY KEY (tenant_id, upstream_id, server, node_id)
);
CALL isolate('radius_upstream_health');
CALL open_across_tenants('radius_upstream_health', 'dotmac_aaa');
GRANT SELECT, DELETE ON radius_upstream_health TO dotmac_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON radius_upstream_health TO dotmac_aaa;
