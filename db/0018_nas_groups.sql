-- NAS groups: a bandwidth profile may be allowed on the NAS of named groups alone. An empty list allows every NAS.
ALTER TABLE nas ADD COLUMN nas_group text;
CREATE INDEX nas_group ON nas (tenant_id, lower(nas_group)) WHERE nas_group IS NOT NULL;
ALTER TABLE radius_bandwidth_profiles ADD COLUMN allowed_nas_groups text[] NOT NULL DEFAULT '{}';

-- What each NAS did, minute by minute, for its health page; kept for a day.
CREATE TABLE nas_minutes (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    nas_id         uuid NOT NULL,
    minute         timestamptz NOT NULL,
    accepts        bigint NOT NULL DEFAULT 0,
    rejects        bigint NOT NULL DEFAULT 0,
    accounting     bigint NOT NULL DEFAULT 0,
    unsigned       bigint NOT NULL DEFAULT 0,         -- Access-Requests without Message-Authenticator
    answer_us      bigint NOT NULL DEFAULT 0,         -- sum over accepts and rejects
    slowest_us     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, nas_id, minute)
);
CREATE INDEX nas_minutes_minute ON nas_minutes (minute);

-- Packets of a known NAS that got no answer, by reason.
CREATE TABLE nas_drops (
    tenant_id uuid NOT NULL REFERENCES tenants,
    nas_id    uuid NOT NULL,
    port      text NOT NULL,                          -- auth | acct
    reason    text NOT NULL,
    count     bigint NOT NULL,
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, nas_id, port, reason)
);
ALTER TABLE nas_activity ADD COLUMN last_unsigned_at timestamptz;
ALTER TABLE nas_activity ADD COLUMN proven_signing boolean NOT NULL DEFAULT false;  -- policy auto demands signatures from it now

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['nas_minutes', 'nas_drops'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
        EXECUTE format('CALL open_across_tenants(%L, %L)', t, 'dotmac_aaa');
    END LOOP;
END $$;
GRANT SELECT ON nas_minutes, nas_drops TO dotmac_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON nas_minutes TO dotmac_aaa;
GRANT SELECT, INSERT, UPDATE ON nas_drops TO dotmac_aaa;
