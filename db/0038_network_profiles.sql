-- The network profile of a subscriber's line. What RADIUS has had all along (ids, VLANs, addresses, mode, policy) stays in subscribers; here
-- stands the rest. The result of the last Option 82 check is the AAA plane's (line_validations). One row per subscriber that has a profile.
-- Pools are named as the address plan names them; pools on the NAS are in subscribers.
CREATE TABLE subscriber_network_profiles (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    subscriber_id      uuid NOT NULL,
    site_id            uuid,
    vlan_pool          text,
    ipv4_pool          text,
    ipv6_pool          text,
    pd_pool            text,
    qinq_enabled       boolean NOT NULL DEFAULT false,
    ipv6_pd_size       smallint NOT NULL DEFAULT 56 CHECK (ipv6_pd_size BETWEEN 48 AND 64),
    ipv4_state         smallint NOT NULL DEFAULT 0 CHECK (ipv4_state BETWEEN 0 AND 6),  -- 0 pending, 1 allocated, 2 active, 3 suspended, 4 revoking, 5 revoked, 6 failed
    ipv4_changed_at    timestamptz,
    ipv4_allocated_at  timestamptz,
    ipv4_activated_at  timestamptz,
    ipv4_revoked_at    timestamptz,
    ipv6_state         smallint NOT NULL DEFAULT 0 CHECK (ipv6_state BETWEEN 0 AND 6),
    ipv6_changed_at    timestamptz,
    ipv6_allocated_at  timestamptz,
    ipv6_activated_at  timestamptz,
    ipv6_revoked_at    timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    deleted_at         timestamptz,                     -- a removed profile keeps its row: its version must not fall
    version            int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, subscriber_id),
    FOREIGN KEY (tenant_id, subscriber_id) REFERENCES subscribers (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX subscriber_network_profiles_site ON subscriber_network_profiles (tenant_id, site_id) WHERE deleted_at IS NULL AND site_id IS NOT NULL;
CALL isolate('subscriber_network_profiles');
CALL open_across_tenants('subscriber_network_profiles', 'dotmac_aaa');
GRANT SELECT, INSERT, UPDATE ON subscriber_network_profiles TO dotmac_app;
GRANT SELECT ON subscriber_network_profiles TO dotmac_aaa;

-- Who has which address is asked before a line gets one.
CREATE INDEX subscribers_ipv6_address ON subscribers (tenant_id, framed_ipv6_address) WHERE deleted_at IS NULL AND framed_ipv6_address IS NOT NULL;
CREATE INDEX subscribers_ipv6_prefix ON subscribers (tenant_id, framed_ipv6_prefix) WHERE deleted_at IS NULL AND framed_ipv6_prefix IS NOT NULL;

-- What lines of a plan, of a site, or of both get when nobody says otherwise. Without plan and site: the tenant's own defaults.
CREATE TABLE network_profile_defaults (
    tenant_id            uuid NOT NULL REFERENCES tenants,
    id                   uuid NOT NULL,
    bandwidth_profile_id uuid,
    site_id              uuid,
    vlan_pool            text,
    ipv4_pool            text,
    ipv6_pool            text,
    pd_pool              text,
    ipv6_mode            smallint CHECK (ipv6_mode BETWEEN 0 AND 4),
    option82_policy      smallint CHECK (option82_policy BETWEEN 0 AND 2),
    qinq_enabled         boolean,
    ipv6_pd_size         smallint CHECK (ipv6_pd_size BETWEEN 48 AND 64),
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    version              int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT network_profile_defaults_plan_fkey
        FOREIGN KEY (tenant_id, bandwidth_profile_id) REFERENCES radius_bandwidth_profiles (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT network_profile_defaults_place_key UNIQUE NULLS NOT DISTINCT (tenant_id, bandwidth_profile_id, site_id)
);
CALL isolate('network_profile_defaults');
GRANT SELECT, INSERT, UPDATE, DELETE ON network_profile_defaults TO dotmac_app;

-- A changed profile is a changed login: the AAA snapshot and FreeRADIUS's projection follow it like the subscriber's own row.
CREATE FUNCTION notify_aaa_line() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed record;
    many boolean;
BEGIN
    SELECT count(*) > 100 INTO many FROM (SELECT 1 FROM changed_rows LIMIT 101) AS first_rows;
    IF many THEN
        PERFORM pg_notify('dotmac_aaa', 'subscribers all');
    ELSE
        FOR changed IN SELECT tenant_id, subscriber_id FROM changed_rows LOOP
            PERFORM pg_notify('dotmac_aaa', 'subscribers ' || changed.tenant_id || ' ' || changed.subscriber_id);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION notify_aaa_line FROM PUBLIC;
CREATE TRIGGER notify_aaa_insert AFTER INSERT ON subscriber_network_profiles REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa_line();
CREATE TRIGGER notify_aaa_update AFTER UPDATE ON subscriber_network_profiles REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa_line();
