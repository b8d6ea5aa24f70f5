-- How a tenant's NAS are asked; without a row the platform asks itself.
CREATE TABLE coa_settings (
    tenant_id  uuid PRIMARY KEY REFERENCES tenants,
    transport  smallint NOT NULL,                     -- DotMac.Access.Coa.CoaTransport
    changed_at timestamptz NOT NULL
);
CALL isolate('coa_settings');
GRANT SELECT, INSERT, UPDATE ON coa_settings TO dotmac_app;
