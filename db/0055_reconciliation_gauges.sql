-- Workers tell what stands, and how long a comparison has been due, from the database: whichever of them did the last one.
CALL open_across_tenants('reconciliations', 'dotmac_platform');
CALL open_across_tenants('reconciliation_settings', 'dotmac_platform');
GRANT SELECT (ignored_until) ON reconciliation_findings TO dotmac_platform;
GRANT SELECT (tenant_id, finished_at) ON reconciliations TO dotmac_platform;
GRANT SELECT (tenant_id, enabled, every_minutes) ON reconciliation_settings TO dotmac_platform;
CREATE INDEX reconciliations_last ON reconciliations (tenant_id, finished_at);
