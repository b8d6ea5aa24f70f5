-- What is wanted, against what was applied, against what is seen. A finding is one difference; it lives until a comparison does not see it any more.
CREATE TABLE reconciliation_findings (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    fingerprint   text NOT NULL,                      -- kind, subject and what it is about: the same difference is the same finding
    kind          smallint NOT NULL,                  -- DotMac.Access.Provisioning.Reconciliation.FindingKind
    subject_id    uuid,
    subject_label text NOT NULL,
    what          text NOT NULL,
    desired       text,
    applied       text,
    observed      text,
    observed_at   timestamptz,                        -- age of what is seen
    fix           text,                               -- what the repair would do; null: nothing safe can be done from here
    facts         jsonb NOT NULL,
    found_at      timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL,
    gone_at       timestamptz,
    ignored_at    timestamptz,
    ignored_by    text,
    ignored_until timestamptz,
    ignore_reason text,
    run_id        uuid,                               -- the repair
    repaired_by   text,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX reconciliation_findings_key ON reconciliation_findings (tenant_id, fingerprint);
CREATE INDEX reconciliation_findings_open ON reconciliation_findings (tenant_id, found_at DESC, id DESC) WHERE gone_at IS NULL;
CREATE INDEX reconciliation_findings_subject ON reconciliation_findings (tenant_id, subject_id) WHERE gone_at IS NULL;

CREATE TABLE reconciliations (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    started_by  text NOT NULL,
    compared    int NOT NULL,                         -- lines, holdings, ONUs and sessions
    found       int NOT NULL,
    appeared    int NOT NULL,
    gone        int NOT NULL,
    not_asked   text,                                 -- systems that did not answer: their findings were left as they were
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE reconciliation_settings (
    tenant_id     uuid PRIMARY KEY REFERENCES tenants,
    enabled       boolean NOT NULL DEFAULT true,
    every_minutes int NOT NULL DEFAULT 15 CHECK (every_minutes BETWEEN 1 AND 1440),
    taken_at      timestamptz                         -- a worker has begun then
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reconciliation_findings', 'reconciliations', 'reconciliation_settings'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO dotmac_app', t);
    END LOOP;
END $$;
CALL open_across_tenants('reconciliation_findings', 'dotmac_platform');
GRANT SELECT (tenant_id, kind, gone_at, ignored_at) ON reconciliation_findings TO dotmac_platform;
