-- Which driver a tenant has chosen for each role of an outside system. No row: the default.
CREATE TABLE driver_choices (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    service     text NOT NULL,                        -- ipam, pon, acs, monitoring, automation, billing
    driver      text NOT NULL,
    settings    jsonb NOT NULL DEFAULT '{}',
    credentials bytea,                                -- sealed (SecretPurpose.DriverCredentials), a JSON object; written, never shown
    checked_at  timestamptz,                          -- when the driver's own check last found them right
    updated_at  timestamptz NOT NULL DEFAULT now(),
    updated_by  text NOT NULL,
    PRIMARY KEY (tenant_id, service)
);
CALL isolate('driver_choices');
GRANT SELECT, INSERT, UPDATE, DELETE ON driver_choices TO dotmac_app;
