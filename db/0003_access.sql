-- Who gets online: bandwidth profiles, NAS, subscribers; what happened: sessions (radacct), decisions (radpostauth), usage, disconnects.
-- Addresses are inet/cidr, times timestamptz, rates kbit/s, volumes octets.

CREATE TABLE radius_bandwidth_profiles (
    tenant_id               uuid NOT NULL REFERENCES tenants,
    id                      uuid NOT NULL,
    name                    text NOT NULL,
    description             text,
    download_rate_kbps      int NOT NULL CHECK (download_rate_kbps > 0),
    upload_rate_kbps        int NOT NULL CHECK (upload_rate_kbps > 0),
    download_burst_kbps     int,
    upload_burst_kbps       int,
    burst_threshold_percent smallint,
    burst_time_seconds      smallint,
    priority                smallint,
    vendor_profile_name     text,
    created_at              timestamptz NOT NULL DEFAULT now(),
    updated_at              timestamptz NOT NULL DEFAULT now(),
    version                 int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX radius_bandwidth_profiles_name_key ON radius_bandwidth_profiles (tenant_id, lower(name));

CREATE TABLE nas (
    tenant_id                    uuid NOT NULL REFERENCES tenants,
    id                           uuid NOT NULL,
    nasname                      cidr NOT NULL,       -- the source address or network that its packets come from
    shortname                    text NOT NULL,
    type                         text NOT NULL DEFAULT 'other',
    vendor                       smallint NOT NULL,   -- number of DotMac.Access.Aaa.NasVendor
    secret                       bytea NOT NULL,      -- sealed (SecretPurpose.NasSecret)
    coa_port                     int NOT NULL DEFAULT 3799 CHECK (coa_port BETWEEN 1 AND 65535),
    nas_identifier               text,                -- tells several NAS behind one address apart
    message_authenticator_policy smallint NOT NULL DEFAULT 1,  -- 0 require, 1 auto, 2 ignore
    description                  text,
    enabled                      boolean NOT NULL DEFAULT true,
    created_at                   timestamptz NOT NULL DEFAULT now(),
    updated_at                   timestamptz NOT NULL DEFAULT now(),
    version                      int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
-- One packet source belongs to one tenant: the pair is unique over all tenants.
CREATE UNIQUE INDEX nas_source_key ON nas (nasname, coalesce(nas_identifier, ''));
CREATE UNIQUE INDEX nas_shortname_key ON nas (tenant_id, lower(shortname));

CREATE TABLE subscribers (
    tenant_id              uuid NOT NULL REFERENCES tenants,
    id                     uuid NOT NULL,
    subscriber_number      text NOT NULL,
    username               text NOT NULL,             -- as the NAS sends it; compared exactly, kept in lower case
    password               bytea NOT NULL,            -- sealed (SecretPurpose.SubscriberPassword)
    full_name              text,
    enabled                boolean NOT NULL DEFAULT true,
    bandwidth_profile_id   uuid,
    framed_ipv4_address    inet,
    framed_ipv4_netmask    inet,
    framed_ipv6_prefix     cidr,
    framed_ipv6_address    inet,
    delegated_ipv6_prefix  cidr,
    vlan_id                smallint CHECK (vlan_id BETWEEN 1 AND 4094),
    inner_vlan             smallint CHECK (inner_vlan BETWEEN 1 AND 4094),
    session_timeout        int CHECK (session_timeout > 0),
    idle_timeout           int CHECK (idle_timeout > 0),
    acct_interim_interval  int CHECK (acct_interim_interval >= 60),
    simultaneous_use       int NOT NULL DEFAULT 1 CHECK (simultaneous_use >= 0),
    filter_id              text,
    notes                  text,
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    deleted_at             timestamptz,
    version                int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT subscribers_bandwidth_profile_fkey
        FOREIGN KEY (tenant_id, bandwidth_profile_id) REFERENCES radius_bandwidth_profiles (tenant_id, id)
);
CREATE UNIQUE INDEX subscribers_username_key ON subscribers (tenant_id, username) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX subscribers_number_key ON subscribers (tenant_id, subscriber_number) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX subscribers_ipv4_key ON subscribers (tenant_id, framed_ipv4_address) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX subscribers_delegated_key ON subscribers (tenant_id, delegated_ipv6_prefix) WHERE deleted_at IS NULL;
CREATE INDEX subscribers_profile ON subscribers (tenant_id, bandwidth_profile_id) WHERE deleted_at IS NULL;
CREATE INDEX subscribers_created ON subscribers (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- Subscriber numbers are handed out per tenant, one after the other.
CREATE TABLE subscriber_counters (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    last      bigint NOT NULL
);

-- FreeRADIUS's radacct columns, plus tenant, subscriber and NAS; partitioned by month of the start.
CREATE SEQUENCE radacct_id;
CREATE TABLE radacct (
    tenant_id           uuid NOT NULL,
    radacctid           bigint NOT NULL DEFAULT nextval('radacct_id'),
    acctsessionid       text NOT NULL,
    acctuniqueid        text NOT NULL,
    username            text,
    subscriber_id       uuid,
    nas_id              uuid NOT NULL,
    groupname           text,
    realm               text,
    nasipaddress        inet NOT NULL,
    nasportid           text,
    nasporttype         text,
    acctstarttime       timestamptz NOT NULL,
    acctupdatetime      timestamptz NOT NULL,
    acctstoptime        timestamptz,
    acctinterval        bigint,
    acctsessiontime     bigint NOT NULL DEFAULT 0,
    acctauthentic       text,
    connectinfo_start   text,
    connectinfo_stop    text,
    acctinputoctets     bigint NOT NULL DEFAULT 0,   -- the user sent (upload)
    acctoutputoctets    bigint NOT NULL DEFAULT 0,   -- the user received (download)
    calledstationid     text,
    callingstationid    text,
    acctterminatecause  text,
    servicetype         text,
    framedprotocol      text,
    framedipaddress     inet,
    framedipv6address   inet,
    framedipv6prefix    cidr,
    framedinterfaceid   text,
    delegatedipv6prefix cidr,
    class               text,
    upload_bps          bigint NOT NULL DEFAULT 0,   -- over the last interval between two records
    download_bps        bigint NOT NULL DEFAULT 0,
    changed_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, acctstarttime, radacctid)
) PARTITION BY RANGE (acctstarttime);
CREATE INDEX radacct_unique ON radacct (tenant_id, acctuniqueid);
CREATE INDEX radacct_open ON radacct (tenant_id, radacctid) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_open_user ON radacct (tenant_id, username) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_open_nas ON radacct (tenant_id, nas_id) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_subscriber ON radacct (tenant_id, subscriber_id, acctstarttime DESC);
CREATE INDEX radacct_started ON radacct (tenant_id, acctstarttime DESC, radacctid DESC);
CREATE INDEX radacct_changed ON radacct (tenant_id, changed_at);
CALL isolate('radacct');
CALL open_across_tenants('radacct', 'dotmac_aaa');

-- Makes the month's partition when it is not there. A partition is reached through radacct alone: nobody is granted the partition itself,
-- and its own row security is forced without a policy, so that even a later grant would show nothing.
CREATE FUNCTION ensure_radacct_partition(month_of timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month_of AT TIME ZONE 'UTC')::date;
    partition text := 'radacct_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(partition) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('radacct_partition', 0));
        IF to_regclass(partition) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF radacct FOR VALUES FROM (%L) TO (%L)', partition,
                first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
        END IF;
    END IF;
END $$;
REVOKE ALL ON FUNCTION ensure_radacct_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_radacct_partition TO dotmac_aaa;
SELECT ensure_radacct_partition(now());

-- Every answer to an Access-Request, with the reason: "why was I rejected at 03:12?"
CREATE TABLE radpostauth (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    username           text NOT NULL,
    subscriber_id      uuid,
    reply              text NOT NULL,                -- Access-Accept | Access-Reject
    code               text NOT NULL,                -- stable reason: accepted, password.wrong, login.unknown …
    detail             text,
    authdate           timestamptz NOT NULL,
    nas_id             uuid NOT NULL,
    nasipaddress       inet,
    callingstationid   text,
    calledstationid    text,
    method             text,
    PRIMARY KEY (tenant_id, authdate, id)
);
CREATE INDEX radpostauth_subscriber ON radpostauth (tenant_id, subscriber_id, authdate DESC);
CREATE INDEX radpostauth_username ON radpostauth (tenant_id, username, authdate DESC);

-- Octets per subscriber and hour, kept by the accounting projection from the counters' differences.
CREATE TABLE usage_hourly (
    tenant_id        uuid NOT NULL,
    subscriber_id    uuid NOT NULL,
    hour             timestamptz NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, subscriber_id, hour)
);
CREATE INDEX usage_hourly_hour ON usage_hourly (tenant_id, hour);

-- How far each node's accounting journal is projected; moves in the same transaction as the projection (exactly once).
CREATE TABLE journal_positions (
    journal_id uuid PRIMARY KEY,
    segment    bigint NOT NULL,
    position   bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON journal_positions TO dotmac_aaa;

-- When each NAS was last heard, per day of counters; bookkeeping, not configuration.
CREATE TABLE nas_activity (
    tenant_id        uuid NOT NULL,
    nas_id           uuid NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    accepts          bigint NOT NULL DEFAULT 0,
    rejects          bigint NOT NULL DEFAULT 0,
    accounting       bigint NOT NULL DEFAULT 0,
    unsigned_requests bigint NOT NULL DEFAULT 0,     -- Access-Requests without Message-Authenticator (CVE-2024-3596)
    PRIMARY KEY (tenant_id, nas_id)
);

-- What we asked of a NAS (RFC 5176) and what it answered.
CREATE TABLE coa_requests (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    at            timestamptz NOT NULL,
    kind          text NOT NULL,                     -- disconnect
    username      text,
    acctsessionid text,
    nas_id        uuid,
    outcome       text NOT NULL,                     -- ack | nak | timeout | unreachable | no_nas
    error_cause   int,
    message       text,
    attempts      int NOT NULL,
    duration_ms   int NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX coa_requests_user ON coa_requests (tenant_id, username, at DESC);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['radius_bandwidth_profiles', 'nas', 'subscribers', 'subscriber_counters', 'radpostauth', 'usage_hourly', 'nas_activity', 'coa_requests'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['radius_bandwidth_profiles', 'nas', 'subscribers', 'radpostauth', 'usage_hourly', 'nas_activity'] LOOP
        EXECUTE format('CALL open_across_tenants(%L, %L)', t, 'dotmac_aaa');
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON radius_bandwidth_profiles, nas, subscribers TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON subscriber_counters TO dotmac_app;
GRANT SELECT ON radacct, radpostauth, usage_hourly, nas_activity TO dotmac_app;
GRANT SELECT, INSERT ON coa_requests TO dotmac_app;
GRANT SELECT ON radius_bandwidth_profiles, nas, subscribers TO dotmac_aaa;
GRANT SELECT, INSERT, UPDATE ON radacct, usage_hourly, nas_activity TO dotmac_aaa;
GRANT SELECT, INSERT ON radpostauth TO dotmac_aaa;
GRANT USAGE ON SEQUENCE radacct_id TO dotmac_aaa;

-- The AAA snapshot follows these tables: each statement says what it changed, or "all" when it changed much.
CREATE FUNCTION notify_aaa() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed record;
    many boolean;
BEGIN
    SELECT count(*) > 100 INTO many FROM (SELECT 1 FROM changed_rows LIMIT 101) AS first_rows;
    IF many THEN
        PERFORM pg_notify('dotmac_aaa', TG_TABLE_NAME || ' all');
    ELSE
        FOR changed IN SELECT tenant_id, id FROM changed_rows LOOP
            PERFORM pg_notify('dotmac_aaa', TG_TABLE_NAME || ' ' || changed.tenant_id || ' ' || changed.id);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['nas', 'subscribers', 'radius_bandwidth_profiles'] LOOP
        EXECUTE format('CREATE TRIGGER notify_aaa_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa()', t);
        EXECUTE format('CREATE TRIGGER notify_aaa_update AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa()', t);
        EXECUTE format('CREATE TRIGGER notify_aaa_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION notify_aaa()', t);
    END LOOP;
END $$;
