-- What is to be asked of NAS (RFC 5176): one row per session and change, until it is done, given up or cancelled. A worker takes rows under
-- a lease, and writes down that it is about to send before it sends: a row whose worker died is asked again, and says so.
CREATE TABLE coa_runs (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    kind        smallint NOT NULL,                    -- DotMac.Access.Coa.CoaKind
    change      text NOT NULL,                        -- what it is changed to, JSON
    filter      text NOT NULL,                        -- which sessions, JSON
    total       int NOT NULL,
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    cancelled_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE coa_tasks (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    run_id         uuid,
    kind           smallint NOT NULL,
    change         text NOT NULL,
    acctuniqueid   text NOT NULL,                     -- the session: its unique id and its number in radacct
    session_number bigint NOT NULL,
    acctsessionid  text NOT NULL,
    username       text,
    subscriber_id  uuid,
    nas_id         uuid,
    state          smallint NOT NULL,                 -- 0 queued, 1 sending, 2 waits to be sent again, 3 done, 4 failed, 5 cancelled
    outcome        text,                              -- of the last sending: ack | nak | timeout | unreachable | no_nas | gone
    error_cause    int,
    message        text,
    attempts       int NOT NULL DEFAULT 0,
    maybe_twice    boolean NOT NULL DEFAULT false,    -- a worker died over it: it may have been sent once more than is known
    due_at         timestamptz NOT NULL,
    leased_until   timestamptz,
    asked_at       timestamptz,
    answered_at    timestamptz,
    verification   smallint NOT NULL DEFAULT 0,       -- 0 nothing to verify, 1 waits for accounting, 2 accounting shows it, 3 it does not
    verify_until   timestamptz,
    verified_at    timestamptz,
    created_at     timestamptz NOT NULL,
    created_by     text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX coa_tasks_due ON coa_tasks (due_at) WHERE state IN (0, 1, 2);
CREATE INDEX coa_tasks_nas ON coa_tasks (tenant_id, nas_id) WHERE state IN (0, 1, 2);
CREATE INDEX coa_tasks_unverified ON coa_tasks (verify_until) WHERE verification = 1;
CREATE INDEX coa_tasks_run ON coa_tasks (tenant_id, run_id, id) WHERE run_id IS NOT NULL;
CREATE INDEX coa_tasks_session ON coa_tasks (tenant_id, acctuniqueid, session_number);
CREATE INDEX coa_tasks_old ON coa_tasks (created_at) WHERE state >= 3;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['coa_runs', 'coa_tasks'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
        EXECUTE format('CALL open_across_tenants(%L, %L)', t, 'dotmac_aaa');
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON coa_runs, coa_tasks TO dotmac_app;
GRANT SELECT, UPDATE, DELETE ON coa_tasks TO dotmac_aaa;
GRANT SELECT ON coa_runs TO dotmac_aaa;

ALTER TABLE coa_requests ADD COLUMN task_id uuid;
