-- When nothing of a bulk change was left to ask: then the audit trail gets what became of it.
ALTER TABLE coa_runs ADD COLUMN finished_at timestamptz;
-- The owner, who need not be a superuser, sees rows only while row security is not forced on him.
ALTER TABLE coa_runs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE coa_tasks NO FORCE ROW LEVEL SECURITY;
UPDATE coa_runs r SET finished_at = now()
WHERE NOT EXISTS (SELECT 1 FROM coa_tasks t WHERE t.tenant_id = r.tenant_id AND t.run_id = r.id AND t.state IN (0, 1, 2));
ALTER TABLE coa_runs FORCE ROW LEVEL SECURITY;
ALTER TABLE coa_tasks FORCE ROW LEVEL SECURITY;
CREATE INDEX coa_runs_unfinished ON coa_runs (tenant_id, id) WHERE finished_at IS NULL;

-- FreeRADIUS stores a name as it came, escaped: =2B. Compared in lower case, the escapes too.
CREATE INDEX radreply_lower ON freeradius.radreply (lower(username), attribute);

-- Which sessions were written lately: one row for each statement that wrote some, instead of an index on radacct.changed_at, which kept every update
-- of a session from staying on its page (HOT) and cost an entry in each of its indexes. Read by the live view and by other nodes; ten minutes are kept.
CREATE TABLE radacct_changes (
    tenant_id  uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),   -- not before changed_at of the rows it names
    id         bigint GENERATED ALWAYS AS IDENTITY,
    started    timestamptz[] NOT NULL,                -- acctstarttime and radacctid of each
    numbers    bigint[] NOT NULL,
    PRIMARY KEY (tenant_id, changed_at, id)
);
CALL isolate('radacct_changes');
CALL open_across_tenants('radacct_changes', 'dotmac_aaa');
GRANT SELECT ON radacct_changes TO dotmac_app;
GRANT SELECT, INSERT, DELETE ON radacct_changes TO dotmac_aaa;

CREATE FUNCTION note_radacct_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO radacct_changes (tenant_id, started, numbers)
    SELECT tenant_id, array_agg(acctstarttime), array_agg(radacctid) FROM changed_rows GROUP BY tenant_id;
    DELETE FROM radacct_changes c
    WHERE c.tenant_id IN (SELECT DISTINCT tenant_id FROM changed_rows) AND c.changed_at < now() - interval '10 minutes';
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION note_radacct_changes FROM PUBLIC;
CREATE TRIGGER note_inserted AFTER INSERT ON radacct REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_radacct_changes();
CREATE TRIGGER note_updated AFTER UPDATE ON radacct REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_radacct_changes();
DROP INDEX radacct_changed;

-- Half of a page stays free for the next version of each of its sessions: sessions that began together report together.
CREATE OR REPLACE FUNCTION ensure_radacct_partition(month_of timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month_of AT TIME ZONE 'UTC')::date;
    partition text := 'radacct_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(partition) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('radacct_partition', 0));
        IF to_regclass(partition) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF radacct FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 50)', partition,
                first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
        END IF;
    END IF;
END $$;
DO $$
DECLARE p regclass;
BEGIN
    FOR p IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'radacct'::regclass LOOP
        EXECUTE format('ALTER TABLE %s SET (fillfactor = 50)', p);
    END LOOP;
END $$;
-- The same for the volumes: who reports together stands together.
ALTER TABLE usage_hourly SET (fillfactor = 50);
ALTER TABLE usage_daily SET (fillfactor = 50);
ALTER TABLE usage_monthly SET (fillfactor = 50);
