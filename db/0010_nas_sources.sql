-- A packet's source decides its tenant, so no tenant may register a source that lies in another tenant's network, or around its address.
-- An exclusion constraint sees the rows of all tenants, whatever row security shows to the one who writes.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE nas ADD CONSTRAINT nas_one_tenant_per_source EXCLUDE USING gist (nasname inet_ops WITH &&, tenant_id WITH <>);
