-- When nothing of a bulk change was left to ask: then the audit trail gets what became of it.
ALTER TABLE coa_runs ADD COLUMN finished_at timestamptz;
UPDATE coa_runs r SET finished_at = now()
WHERE NOT EXISTS (SELECT 1 FROM coa_tasks t WHERE t.tenant_id = r.tenant_id AND t.run_id = r.id AND t.state IN (0, 1, 2));
CREATE INDEX coa_runs_unfinished ON coa_runs (tenant_id, id) WHERE finished_at IS NULL;

-- FreeRADIUS stores a name as it came, escaped: =2B. Compared in lower case, the escapes too.
CREATE INDEX radreply_lower ON freeradius.radreply (lower(username), attribute);
