-- What a tenant switched away from the default: a new installation has no rows, and every flag is on (docs: DotMac.Contracts.Platform.TenantFlag).
CREATE TABLE tenant_flags (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    name       text NOT NULL,                          -- ENABLE_… or OPTION82_DEFAULT_POLICY
    value      text NOT NULL,                          -- on, off; enforce, log, ignore
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by text NOT NULL,
    version    int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, name)
);
CALL isolate('tenant_flags');
CALL open_across_tenants('tenant_flags', 'dotmac_aaa');
GRANT SELECT, INSERT, UPDATE ON tenant_flags TO dotmac_app;
GRANT SELECT ON tenant_flags TO dotmac_aaa;

-- A flag changes what RADIUS answers to every line of its tenant.
CREATE FUNCTION notify_aaa_flags() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('dotmac_aaa', 'tenant_flags ' || NEW.tenant_id || ' ' || NEW.name);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION notify_aaa_flags FROM PUBLIC;
CREATE TRIGGER notify_aaa_flags AFTER INSERT OR UPDATE ON tenant_flags FOR EACH ROW EXECUTE FUNCTION notify_aaa_flags();
