-- Runs of sagas: work of several steps over several systems, each undoable. A worker takes a run under a lease; every transaction of it first
-- locks the run's row with the lease's token, so that one who lost the lease cannot commit. Times of leases are the database's own clock.
CREATE TABLE saga_runs (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,                   -- version 7: newest first is by id
    definition       text NOT NULL,
    version          int NOT NULL,
    status           smallint NOT NULL DEFAULT 0,     -- DotMac.Kernel.Sagas.SagaStatus
    input            jsonb NOT NULL,                  -- the state it was started with
    state            jsonb NOT NULL,                  -- as of the last commit
    subject_id       uuid,
    subject_label    text NOT NULL,
    parent_id        uuid,
    priority         smallint NOT NULL DEFAULT 0,     -- 0 somebody waits for it, 1 part of something big
    started_by       text NOT NULL,
    created_at       timestamptz NOT NULL,
    started_at       timestamptz,
    finished_at      timestamptz,
    changed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at           timestamptz NOT NULL,
    not_before       timestamptz,                     -- ordered for later: its time
    queued           boolean NOT NULL DEFAULT false,  -- ordered for later and not begun: its subject is not its own yet
    turns            int NOT NULL DEFAULT 0,          -- how often it came for its subject and another run had it
    waits_for        uuid,                            -- that run, the last time
    lease_token      uuid,
    leased_until     timestamptz,
    leased_by        text,
    claims           int NOT NULL DEFAULT 0,          -- leases taken since something came of a step, or a worker put it down in order
    unknown_since    timestamptz,                     -- due, but no worker looking at it knew its definition's version
    cancel_requested boolean NOT NULL DEFAULT false,
    repairing        boolean NOT NULL DEFAULT false,  -- it had ended and is mended: whatever fails now undoes nothing
    error_step       text,
    error_code       text,
    error_message    text,
    closed_by        text,                            -- who cancelled it or gave it up, and why
    closed_reason    text,
    PRIMARY KEY (tenant_id, id)
);
-- One unfinished run has the subject. What waits for its time has not: it comes for the subject when that time has come.
CREATE UNIQUE INDEX saga_runs_subject_key ON saga_runs (tenant_id, subject_id) WHERE status IN (0, 1, 4, 6) AND NOT queued;
CREATE INDEX saga_runs_queued ON saga_runs (tenant_id, subject_id, not_before) WHERE status = 0 AND queued;
CREATE INDEX saga_runs_due ON saga_runs (priority, due_at) WHERE status IN (0, 1, 4);
CREATE INDEX saga_runs_status ON saga_runs (tenant_id, status, id);
CREATE INDEX saga_runs_subject ON saga_runs (tenant_id, subject_id, id);
CREATE INDEX saga_runs_parent ON saga_runs (tenant_id, parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX saga_runs_changed ON saga_runs (tenant_id, changed_at);
CREATE INDEX saga_runs_dead ON saga_runs (tenant_id) WHERE status = 6;

CREATE TABLE saga_steps (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    run_id         uuid NOT NULL,
    seq            smallint NOT NULL,
    name           text NOT NULL,
    target         text NOT NULL,
    required       boolean NOT NULL,
    status         smallint NOT NULL DEFAULT 0,       -- DotMac.Kernel.Sagas.StepStatus
    reached        boolean NOT NULL DEFAULT false,    -- it called out, so that something may have been done whatever came of it
    generation     smallint NOT NULL DEFAULT 1,       -- grows when it is done again after it was undone
    attempts       int NOT NULL DEFAULT 0,
    failures       int NOT NULL DEFAULT 0,
    undo_attempts  int NOT NULL DEFAULT 0,
    undo_failures  int NOT NULL DEFAULT 0,
    input          jsonb,                             -- what was asked, when the action told it
    output         jsonb,
    wrote          jsonb,                             -- the state's properties that the step changed
    note           text,
    error_code     text,
    error_message  text,
    undo_note      text,
    undo_code      text,
    undo_message   text,
    started_at     timestamptz,
    finished_at    timestamptz,
    undone_at      timestamptz,
    duration_ms    double precision,                  -- of the last attempt
    PRIMARY KEY (tenant_id, run_id, seq)
);

CALL isolate('saga_runs');
CALL isolate('saga_steps');
CALL open_across_tenants('saga_runs', 'dotmac_platform');
-- Runs that ended long ago are forgotten by a scheduled job of the tenant.
GRANT SELECT, INSERT, UPDATE, DELETE ON saga_runs, saga_steps TO dotmac_app;
-- Leasing across tenants: what is due, and nothing of what it is about.
GRANT SELECT (tenant_id, id, definition, version, status, priority, due_at, lease_token, leased_until, claims, unknown_since),
    UPDATE (lease_token, leased_until, leased_by, claims, unknown_since) ON saga_runs TO dotmac_platform;
