-- How far a bulk job is, kept on its row: whoever changes items holds that row's lock already, so that it costs nobody a wait, and a look at a
-- job reads one row instead of all its items.
ALTER TABLE bulk_jobs
    ADD COLUMN waiting   int NOT NULL DEFAULT 0,     -- items in each state of DotMac.Access.Provisioning.Bulk.BulkItemState
    ADD COLUMN started   int NOT NULL DEFAULT 0,
    ADD COLUMN done      int NOT NULL DEFAULT 0,
    ADD COLUMN failed    int NOT NULL DEFAULT 0,
    ADD COLUMN skipped   int NOT NULL DEFAULT 0,
    ADD COLUMN cancelled int NOT NULL DEFAULT 0;
-- The owner, who need not be a superuser, sees rows only while row security is not forced on him.
ALTER TABLE bulk_jobs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE bulk_items NO FORCE ROW LEVEL SECURITY;
UPDATE bulk_jobs j SET (waiting, started, done, failed, skipped, cancelled) = (
    SELECT count(*) FILTER (WHERE i.state = 0), count(*) FILTER (WHERE i.state = 1), count(*) FILTER (WHERE i.state = 2),
        count(*) FILTER (WHERE i.state = 3), count(*) FILTER (WHERE i.state = 4), count(*) FILTER (WHERE i.state = 5)
    FROM bulk_items i WHERE i.tenant_id = j.tenant_id AND i.job_id = j.id);
ALTER TABLE bulk_jobs FORCE ROW LEVEL SECURITY;
ALTER TABLE bulk_items FORCE ROW LEVEL SECURITY;
ALTER TABLE bulk_jobs ADD CONSTRAINT bulk_jobs_counts CHECK (least(waiting, started, done, failed, skipped, cancelled) >= 0);
