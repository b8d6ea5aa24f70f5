-- The name that a NAS proves by its certificate over RadSec (RFC 6614): the DNS name of its subject alternative name, or its common name.
-- It decides the tenant, so no two NAS of any tenants may have the same.
ALTER TABLE nas ADD COLUMN radsec_name text CHECK (radsec_name <> '' AND octet_length(radsec_name) <= 253);
CREATE UNIQUE INDEX nas_radsec_name_key ON nas (lower(radsec_name)) WHERE radsec_name IS NOT NULL;
