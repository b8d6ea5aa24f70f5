-- A job that stopped and is continued is judged by what came since; one whose line another run has comes again later.
ALTER TABLE bulk_jobs
    ADD COLUMN judged_failed int NOT NULL DEFAULT 0,       -- failed and ended of those that a continuation has forgiven
    ADD COLUMN judged_ended  int NOT NULL DEFAULT 0;
ALTER TABLE bulk_items ADD COLUMN turns smallint NOT NULL DEFAULT 0;   -- how often another run had its line
