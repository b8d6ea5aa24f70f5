-- Schedules. What a tenant wants done and when stands in its own tables; Quartz keeps in a schema of its own when each is due next and which
-- node fires it. Its tables hold ids alone, belong to no tenant, and only the worker's role reaches them.
CREATE SCHEMA quartz;
GRANT USAGE ON SCHEMA quartz TO dotmac_platform;

-- The shape that Quartz 4.7 wants (times are ticks).
CREATE TABLE quartz.qrtz_job_details (
    sched_name text, job_name text, job_group text, description text, job_class_name text NOT NULL, is_durable boolean NOT NULL,
    is_nonconcurrent boolean NOT NULL, is_update_data boolean NOT NULL, requests_recovery boolean NOT NULL, job_data bytea,
    PRIMARY KEY (sched_name, job_name, job_group)
);
CREATE TABLE quartz.qrtz_triggers (
    sched_name text, trigger_name text, trigger_group text, job_name text NOT NULL, job_group text NOT NULL, description text,
    next_fire_time bigint, prev_fire_time bigint, priority int, trigger_state text NOT NULL, trigger_type text NOT NULL, start_time bigint NOT NULL,
    end_time bigint, calendar_name text, misfire_instr smallint, misfire_orig_fire_time bigint, execution_group varchar(200),
    preferred_node varchar(200), preferred_node_auto boolean NOT NULL DEFAULT false, retry_policy varchar(250), retry_attempt int,
    continues_trigger_name text, continues_trigger_group text, continuation_condition int, overlap_policy int, pause_reason varchar(250),
    paused_by varchar(200), paused_at bigint, misfire_threshold bigint, fixed_delay boolean, job_data bytea,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, job_name, job_group) REFERENCES quartz.qrtz_job_details
);
CREATE TABLE quartz.qrtz_simple_triggers (
    sched_name text, trigger_name text, trigger_group text, repeat_count bigint NOT NULL, repeat_interval bigint NOT NULL,
    times_triggered bigint NOT NULL,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers ON DELETE CASCADE
);
CREATE TABLE quartz.qrtz_simprop_triggers (
    sched_name text, trigger_name text, trigger_group text, str_prop_1 text, str_prop_2 text, str_prop_3 text, int_prop_1 int, int_prop_2 int,
    long_prop_1 bigint, long_prop_2 bigint, dec_prop_1 numeric, dec_prop_2 numeric, bool_prop_1 boolean, bool_prop_2 boolean, time_zone_id text,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers ON DELETE CASCADE
);
CREATE TABLE quartz.qrtz_cron_triggers (
    sched_name text, trigger_name text, trigger_group text, cron_expression text NOT NULL, time_zone_id text,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers ON DELETE CASCADE
);
CREATE TABLE quartz.qrtz_blob_triggers (
    sched_name text, trigger_name text, trigger_group text, blob_data bytea,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers ON DELETE CASCADE
);
CREATE TABLE quartz.qrtz_calendars (
    sched_name text, calendar_name text, calendar bytea NOT NULL, PRIMARY KEY (sched_name, calendar_name)
);
CREATE TABLE quartz.qrtz_paused_trigger_grps (
    sched_name text, trigger_group text, pause_reason varchar(250), paused_by varchar(200), paused_at bigint, PRIMARY KEY (sched_name, trigger_group)
);
CREATE TABLE quartz.qrtz_paused_job_grps (
    sched_name text, job_group text, pause_reason varchar(250), paused_by varchar(200), paused_at bigint, PRIMARY KEY (sched_name, job_group)
);
CREATE TABLE quartz.qrtz_fired_triggers (
    sched_name text, entry_id text, trigger_name text NOT NULL, trigger_group text NOT NULL, instance_name text NOT NULL, fired_time bigint NOT NULL,
    sched_time bigint NOT NULL, priority int NOT NULL, state text NOT NULL, job_name text, job_group text, is_nonconcurrent boolean NOT NULL,
    requests_recovery boolean, execution_group varchar(200), progress int, progress_message varchar(250), interrupt_requested_time bigint,
    PRIMARY KEY (sched_name, entry_id)
);
CREATE TABLE quartz.qrtz_scheduler_state (
    sched_name text, instance_name text, last_checkin_time bigint NOT NULL, checkin_interval bigint NOT NULL, quartz_version varchar(20),
    PRIMARY KEY (sched_name, instance_name)
);
CREATE TABLE quartz.qrtz_locks (sched_name text, lock_name text, PRIMARY KEY (sched_name, lock_name));
CREATE TABLE quartz.qrtz_execution_history (
    sched_name text, entry_id text, instance_name text NOT NULL, job_name text NOT NULL, job_group text NOT NULL, trigger_name text NOT NULL,
    trigger_group text NOT NULL, fired_time bigint NOT NULL, run_time bigint NOT NULL, succeeded boolean NOT NULL, error_message text,
    retry_attempt int NOT NULL DEFAULT 0, retry_scheduled boolean NOT NULL DEFAULT false, execution_log text, result int, summary text, metrics text,
    manual boolean, fire_instance_id text, job_input text, job_input_too_large boolean,
    PRIMARY KEY (sched_name, entry_id)
);
CREATE TABLE quartz.qrtz_misfire_history (
    sched_name text, entry_id text, instance_name text NOT NULL, trigger_name text NOT NULL, trigger_group text NOT NULL, job_name text,
    job_group text, misfire_time bigint NOT NULL, sched_time bigint, reason int,
    PRIMARY KEY (sched_name, entry_id)
);
CREATE TABLE quartz.qrtz_job_status (
    sched_name text, job_group text, job_name text, first_fired_time bigint NOT NULL, last_fired_time bigint NOT NULL, last_result int NOT NULL,
    last_run_time bigint NOT NULL, last_instance_name text NOT NULL, last_entry_id text, last_summary text, last_success_time bigint,
    last_failure_time bigint, last_failure_message text, consecutive_failures int NOT NULL DEFAULT 0, run_count bigint NOT NULL DEFAULT 0,
    failure_count bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (sched_name, job_group, job_name)
);
CREATE INDEX ON quartz.qrtz_triggers (sched_name, trigger_state, next_fire_time, priority DESC, misfire_instr);
CREATE INDEX ON quartz.qrtz_triggers (sched_name, job_name, job_group);
CREATE INDEX ON quartz.qrtz_fired_triggers (sched_name, instance_name, requests_recovery);
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA quartz TO dotmac_platform;

-- What is done on a schedule. The worker tells Quartz about each (by its id) and forgets what is gone or switched off.
CREATE TABLE scheduled_jobs (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    name             text NOT NULL,
    description      text,
    kind             text NOT NULL,                   -- a registered kind of job
    parameters       jsonb NOT NULL DEFAULT '{}',
    cron             text,                            -- Quartz's seven fields, in time_zone; or every interval_seconds
    time_zone        text NOT NULL,
    interval_seconds int CHECK (interval_seconds >= 1),
    enabled          boolean NOT NULL DEFAULT true,
    created_by       text NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX scheduled_jobs_name_key ON scheduled_jobs (tenant_id, lower(name));

-- Several jobs one after the other.
CREATE TABLE job_chains (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    name            text NOT NULL,
    links           jsonb NOT NULL,                   -- [{kind, parameters}], in order
    stop_on_failure boolean NOT NULL DEFAULT true,
    created_by      text NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX job_chains_name_key ON job_chains (tenant_id, lower(name));

CREATE TABLE job_chain_runs (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    chain_id    uuid NOT NULL,
    links       jsonb NOT NULL,                       -- as they were when it was begun
    stop_on_failure boolean NOT NULL,
    position    int NOT NULL DEFAULT 0,               -- how many links were begun
    status      smallint NOT NULL DEFAULT 1,          -- DotMac.Platform.Jobs.ChainStatus
    current_run uuid,
    message     text,
    started_by  text NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX job_chain_runs_open ON job_chain_runs (started_at) WHERE status = 1;
CREATE INDEX job_chain_runs_chain ON job_chain_runs (tenant_id, chain_id, id);

-- Which run a firing started. A firing is known by its due time, so that one that is fired twice starts one run.
CREATE TABLE jobs (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    run_id       uuid NOT NULL,
    kind         text NOT NULL,
    name         text NOT NULL,
    schedule_id  uuid,
    chain_run_id uuid,
    fired_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id)
);
CREATE UNIQUE INDEX jobs_firing_key ON jobs (tenant_id, schedule_id, fired_at) WHERE schedule_id IS NOT NULL;
CREATE INDEX jobs_chain ON jobs (tenant_id, chain_run_id) WHERE chain_run_id IS NOT NULL;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['scheduled_jobs', 'job_chains', 'job_chain_runs', 'jobs'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
    END LOOP;
END $$;
CALL open_across_tenants('scheduled_jobs', 'dotmac_platform');
CALL open_across_tenants('job_chain_runs', 'dotmac_platform');
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduled_jobs, job_chains TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON job_chain_runs TO dotmac_app;
GRANT SELECT, INSERT ON jobs TO dotmac_app;
GRANT SELECT ON scheduled_jobs TO dotmac_platform;
GRANT SELECT (tenant_id, id, status, current_run, started_at) ON job_chain_runs TO dotmac_platform;
