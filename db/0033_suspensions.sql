-- Why a line is suspended, what holds a suspension back, and what the tenant wants done about each reason. What follows from them is decided
-- by a pure function; subscribers.suspended and suspension_filter_id say what was decided, and one writer writes all of it.

CREATE TABLE subscriber_suspensions (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    subscriber_id uuid NOT NULL,
    reason        smallint NOT NULL,                 -- DotMac.Contracts.Access.SuspensionReason
    note          text,
    evidence      text,                              -- what shows it: an invoice, a meter; some reasons do nothing without
    starts_at     timestamptz NOT NULL,
    until         timestamptz,                       -- ends by itself then
    in_force_at   timestamptz,                       -- when it first had an effect; null while something holds it back
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL,
    ended_at      timestamptz,
    ended_by      text,
    end_note      text,
    job_id        uuid,                              -- the bulk job that gave it
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subscriber_id) REFERENCES subscribers (tenant_id, id) ON DELETE CASCADE
);
-- Each reason counts once.
CREATE UNIQUE INDEX subscriber_suspensions_key ON subscriber_suspensions (tenant_id, subscriber_id, reason) WHERE ended_at IS NULL;
CREATE INDEX subscriber_suspensions_of ON subscriber_suspensions (tenant_id, subscriber_id, created_at DESC);

CREATE TABLE subscriber_shields (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    subscriber_id uuid NOT NULL,
    kind          smallint NOT NULL,                 -- DotMac.Contracts.Access.ShieldKind
    holds         smallint[] NOT NULL,               -- the reasons that it holds back
    note          text,
    starts_at     timestamptz NOT NULL,
    until         timestamptz,                       -- null: until somebody ends it
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL,
    ended_at      timestamptz,
    ended_by      text,
    end_note      text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subscriber_id) REFERENCES subscribers (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX subscriber_shields_of ON subscriber_shields (tenant_id, subscriber_id, created_at DESC);

-- What was decided for a line, what of it has been carried out in the network, and when to look again.
CREATE TABLE suspension_states (
    tenant_id        uuid NOT NULL,
    subscriber_id    uuid NOT NULL,
    decided          smallint NOT NULL DEFAULT 0,    -- 0 open, 1 walled garden, 2 rejected
    decided_at       timestamptz NOT NULL DEFAULT now(),
    carried_out      smallint NOT NULL DEFAULT 0,    -- the last of them that the network, billing and the addresses followed
    carried_filter   text,                           -- with this Filter-Id
    run_id           uuid,                           -- the run that carries it out, or did
    due_at           timestamptz,                    -- a reason or a shield begins or ends then, or a run is still to be started
    onu_down         boolean NOT NULL DEFAULT false, -- what the suspension did, so that the resumption undoes just that
    billing_paused   boolean NOT NULL DEFAULT false,
    resumed_at       timestamptz,
    proof            text,                           -- how the decision for the next login read when it was resumed
    first_login_at   timestamptz,                    -- the first login that was accepted after it
    PRIMARY KEY (tenant_id, subscriber_id),
    FOREIGN KEY (tenant_id, subscriber_id) REFERENCES subscribers (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX suspension_states_due ON suspension_states (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX suspension_states_resumed ON suspension_states (resumed_at) WHERE resumed_at IS NOT NULL AND first_login_at IS NULL;

-- What a tenant wants done; a reason without a row is treated as the release says.
CREATE TABLE suspension_policies (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    reason         smallint NOT NULL,
    lets_into_garden boolean NOT NULL,               -- false: rejected
    takes_onu_down boolean NOT NULL,
    pauses_billing boolean NOT NULL,
    needs_evidence boolean NOT NULL,
    PRIMARY KEY (tenant_id, reason)
);
CREATE TABLE suspension_settings (
    tenant_id        uuid PRIMARY KEY REFERENCES tenants,
    garden_filter_id text,                           -- for lines that have no walled_garden_filter_id of their own
    garden_by_coa    boolean NOT NULL DEFAULT false, -- sessions are told the garden's filter; false: they are dropped and sign on anew
    changed_at       timestamptz NOT NULL
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['subscriber_suspensions', 'subscriber_shields', 'suspension_states', 'suspension_policies', 'suspension_settings'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO dotmac_app', t);
    END LOOP;
END $$;
CALL open_across_tenants('suspension_states', 'dotmac_aaa');
GRANT SELECT, UPDATE ON suspension_states TO dotmac_aaa;

-- The Filter-Id that a suspended line signs on with; null rejects it. Follows from its reasons, their policy and its walled garden.
ALTER TABLE subscribers ADD COLUMN suspension_filter_id text;
-- The owner, who need not be a superuser, sees rows only while row security is not forced on him.
ALTER TABLE subscribers NO FORCE ROW LEVEL SECURITY;
ALTER TABLE subscriber_suspensions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE suspension_states NO FORCE ROW LEVEL SECURITY;
UPDATE subscribers SET suspension_filter_id = walled_garden_filter_id WHERE suspended;
INSERT INTO subscriber_suspensions (tenant_id, id, subscriber_id, reason, note, starts_at, in_force_at, created_at, created_by)
SELECT tenant_id, gen_random_uuid(), id, 2, suspension_reason, suspended_at, suspended_at, suspended_at, 'migration'
FROM subscribers WHERE suspended AND deleted_at IS NULL;
INSERT INTO suspension_states (tenant_id, subscriber_id, decided, decided_at, carried_out, carried_filter)
SELECT tenant_id, id, CASE WHEN suspension_filter_id IS NULL THEN 2 ELSE 1 END, suspended_at,
    CASE WHEN suspension_filter_id IS NULL THEN 2 ELSE 1 END, suspension_filter_id
FROM subscribers WHERE suspended AND deleted_at IS NULL;
ALTER TABLE subscribers FORCE ROW LEVEL SECURITY;
ALTER TABLE subscriber_suspensions FORCE ROW LEVEL SECURITY;
ALTER TABLE suspension_states FORCE ROW LEVEL SECURITY;

-- One operation for many subscribers: whom it means is fixed when it is confirmed, and each of them gets one run of its own, whose parent it is.
-- A worker locks the job's row and moves it on in one transaction: killed anywhere, nothing is started twice and nothing is forgotten.
CREATE TABLE bulk_jobs (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    kind               smallint NOT NULL,            -- DotMac.Access.Provisioning.Bulk.BulkKind
    parameters         jsonb NOT NULL,
    filter             jsonb NOT NULL,
    fingerprint        text NOT NULL,                -- of what the preview showed
    total              int NOT NULL,
    wave_size          int NOT NULL,
    wave_pause_seconds int NOT NULL,
    stop_error_percent int NOT NULL,                 -- stops when more of what has ended failed
    state              smallint NOT NULL DEFAULT 0,  -- DotMac.Access.Provisioning.Bulk.BulkState
    state_reason       text,
    wave               int NOT NULL DEFAULT 0,
    due_at             timestamptz,                  -- null: nothing to do for a worker
    undo_of            uuid,
    created_at         timestamptz NOT NULL,
    created_by         text NOT NULL,
    finished_at        timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX bulk_jobs_due ON bulk_jobs (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX bulk_jobs_undo_key ON bulk_jobs (tenant_id, undo_of);

CREATE TABLE bulk_items (
    tenant_id     uuid NOT NULL,
    job_id        uuid NOT NULL,
    subscriber_id uuid NOT NULL,
    ordinal       int NOT NULL,
    state         smallint NOT NULL DEFAULT 0,       -- DotMac.Access.Provisioning.Bulk.BulkItemState
    wave          int,
    run_id        uuid,
    parameter     text,                              -- of this one: the plan to go back to
    before        text,                              -- what an undoing needs: the plan that it had
    error_code    text,
    error_message text,
    ended_at      timestamptz,
    PRIMARY KEY (tenant_id, job_id, subscriber_id),
    FOREIGN KEY (tenant_id, job_id) REFERENCES bulk_jobs (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX bulk_items_next ON bulk_items (tenant_id, job_id, state, ordinal);
CALL isolate('bulk_jobs');
CALL isolate('bulk_items');
CALL open_across_tenants('bulk_jobs', 'dotmac_platform');
GRANT SELECT, INSERT, UPDATE ON bulk_jobs, bulk_items TO dotmac_app;
GRANT SELECT (tenant_id, id, due_at, created_by) ON bulk_jobs TO dotmac_platform;
