-- The address plan: sites, VRFs, prefixes, pools, who holds which address, delegated prefix and VLAN, and who held it when.
-- A "space" is a VRF's id, or the tenant's own id for the global table: addresses are unique within a space. The GiST constraints hold the space
-- without the tenant, so that no look-up by tenant and key is ever planned through them.

CREATE TYPE ipam_inetrange AS RANGE (subtype = inet);

CREATE TABLE sites (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    slug             text NOT NULL,
    name             text NOT NULL,
    parent_id        uuid,                           -- the region, or the site that it is a part of
    status           smallint NOT NULL DEFAULT 1,    -- 0 planned, 1 active, 2 retired
    facility         text,
    physical_address text,
    latitude         double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude        double precision CHECK (longitude BETWEEN -180 AND 180),
    time_zone        text,
    asn              bigint CHECK (asn BETWEEN 1 AND 4294967295),
    description      text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    version          int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT sites_parent_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES sites (tenant_id, id)
);
CREATE UNIQUE INDEX sites_slug_key ON sites (tenant_id, slug);
CREATE INDEX sites_parent ON sites (tenant_id, parent_id);

CREATE TABLE ipam_vrfs (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    rd          text,                                -- route distinguisher (RFC 4364 §4.2)
    description text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX ipam_vrfs_name_key ON ipam_vrfs (tenant_id, lower(name));
CREATE UNIQUE INDEX ipam_vrfs_rd_key ON ipam_vrfs (tenant_id, rd);

CREATE TABLE ipam_vlan_groups (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    site_id     uuid,
    description text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ipam_vlan_groups_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id)
);
CREATE UNIQUE INDEX ipam_vlan_groups_name_key ON ipam_vlan_groups (tenant_id, lower(name));

CREATE TABLE ipam_vlans (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    vid         smallint NOT NULL CHECK (vid BETWEEN 1 AND 4094),
    name        text NOT NULL,
    group_id    uuid,
    site_id     uuid,
    status      smallint NOT NULL DEFAULT 1,         -- 1 active, 2 reserved, 3 deprecated
    role        text,
    description text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ipam_vlans_group_fkey FOREIGN KEY (tenant_id, group_id) REFERENCES ipam_vlan_groups (tenant_id, id),
    CONSTRAINT ipam_vlans_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id)
);
CREATE UNIQUE INDEX ipam_vlans_vid_key ON ipam_vlans (tenant_id, group_id, site_id, vid) NULLS NOT DISTINCT;

CREATE TABLE ipam_prefixes (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    vrf_id      uuid,
    network     cidr NOT NULL,
    site_id     uuid,
    vlan_id     uuid,
    status      smallint NOT NULL DEFAULT 1,         -- 0 container, 1 active, 2 reserved, 3 deprecated
    role        text,
    is_pool     boolean NOT NULL DEFAULT false,      -- its first and last address can be used too
    description text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    version     int NOT NULL DEFAULT 1,
    space       uuid NOT NULL GENERATED ALWAYS AS (coalesce(vrf_id, tenant_id)) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ipam_prefixes_vrf_fkey FOREIGN KEY (tenant_id, vrf_id) REFERENCES ipam_vrfs (tenant_id, id),
    CONSTRAINT ipam_prefixes_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id),
    CONSTRAINT ipam_prefixes_vlan_fkey FOREIGN KEY (tenant_id, vlan_id) REFERENCES ipam_vlans (tenant_id, id),
    CONSTRAINT ipam_prefixes_network_key UNIQUE (tenant_id, space, network),
    -- Networks nest or are apart. Only a container has others inside it.
    CONSTRAINT ipam_prefixes_apart EXCLUDE USING gist (space WITH =, network inet_ops WITH &&) WHERE (status <> 0)
);

-- What the exclusion constraint cannot say: a container does not lie inside a prefix that is none.
CREATE FUNCTION ipam_prefix_nests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ipam_prefix ' || NEW.tenant_id || NEW.space, 0));
    IF NEW.status = 0 AND EXISTS (
        SELECT 1 FROM ipam_prefixes p WHERE p.tenant_id = NEW.tenant_id AND p.space = NEW.space AND p.status <> 0 AND p.network >> NEW.network
    ) OR NEW.status <> 0 AND EXISTS (
        SELECT 1 FROM ipam_prefixes p WHERE p.tenant_id = NEW.tenant_id AND p.space = NEW.space AND p.status = 0 AND p.network << NEW.network
    ) THEN
        RAISE EXCEPTION 'A prefix that is no container has no other prefix inside it.'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'ipam_prefixes_apart';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ipam_prefix_nests AFTER INSERT OR UPDATE OF network, status, vrf_id ON ipam_prefixes
    FOR EACH ROW EXECUTE FUNCTION ipam_prefix_nests();

CREATE TABLE ipam_pools (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    name               text NOT NULL,
    kind               smallint NOT NULL,            -- 0 ipv4_public, 1 ipv4_private, 2 ipv6_address, 3 ipv6_pd
    vrf_id             uuid,
    prefix_id          uuid NOT NULL,                -- the prefix that its first range lies in
    unit               smallint NOT NULL,            -- length of what it hands out: 32, 128, 64, or 48–64 for pd
    site_id            uuid,
    gateway            inet,
    dns_servers        text[] NOT NULL DEFAULT '{}',
    status             smallint NOT NULL DEFAULT 1,  -- 1 active, 2 reserved, 3 maintenance: only an active one hands out unasked
    is_default         boolean NOT NULL DEFAULT false,
    quarantine_seconds int NOT NULL DEFAULT 300 CHECK (quarantine_seconds BETWEEN 0 AND 31536000),
    warn_percent       smallint NOT NULL DEFAULT 90 CHECK (warn_percent BETWEEN 1 AND 100),
    description        text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    version            int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ipam_pools_vrf_fkey FOREIGN KEY (tenant_id, vrf_id) REFERENCES ipam_vrfs (tenant_id, id),
    CONSTRAINT ipam_pools_prefix_fkey FOREIGN KEY (tenant_id, prefix_id) REFERENCES ipam_prefixes (tenant_id, id),
    CONSTRAINT ipam_pools_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id)
);
CREATE UNIQUE INDEX ipam_pools_name_key ON ipam_pools (tenant_id, lower(name));
CREATE INDEX ipam_pools_prefix ON ipam_pools (tenant_id, prefix_id);

-- A VLAN pool hands out (service VLAN, place): with Q-in-Q the place is the inner VLAN, without it one of the subscribers that share the VLAN.
CREATE TABLE ipam_vlan_pools (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    name               text NOT NULL,
    group_id           uuid,
    site_id            uuid,
    is_qinq            boolean NOT NULL DEFAULT false,
    service_first      smallint NOT NULL CHECK (service_first BETWEEN 1 AND 4094),
    service_last       smallint NOT NULL CHECK (service_last BETWEEN 1 AND 4094),
    inner_first        smallint CHECK (inner_first BETWEEN 1 AND 4094),
    inner_last         smallint CHECK (inner_last BETWEEN 1 AND 4094),
    lines_per_vlan     smallint NOT NULL DEFAULT 1 CHECK (lines_per_vlan BETWEEN 1 AND 4094),
    status             smallint NOT NULL DEFAULT 1,  -- as of ipam_pools
    is_default         boolean NOT NULL DEFAULT false,
    quarantine_seconds int NOT NULL DEFAULT 0 CHECK (quarantine_seconds BETWEEN 0 AND 31536000),
    warn_percent       smallint NOT NULL DEFAULT 90 CHECK (warn_percent BETWEEN 1 AND 100),
    description        text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    version            int NOT NULL DEFAULT 1,
    scope              uuid NOT NULL GENERATED ALWAYS AS (coalesce(site_id, tenant_id)) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ipam_vlan_pools_group_fkey FOREIGN KEY (tenant_id, group_id) REFERENCES ipam_vlan_groups (tenant_id, id),
    CONSTRAINT ipam_vlan_pools_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id),
    CHECK (service_first <= service_last),
    CHECK (NOT is_qinq OR inner_first IS NOT NULL AND inner_last IS NOT NULL AND inner_first <= inner_last),
    CONSTRAINT ipam_vlan_pools_apart EXCLUDE USING gist (
        scope WITH =, int4range(service_first, service_last, '[]') WITH &&,
        int4range(CASE WHEN is_qinq THEN inner_first ELSE 0 END, CASE WHEN is_qinq THEN inner_last ELSE 4095 END, '[]') WITH &&)
);
CREATE UNIQUE INDEX ipam_vlan_pools_name_key ON ipam_vlan_pools (tenant_id, lower(name));

-- What a pool consists of: runs of places numbered first … first + size - 1. The first `made` of them have a slot; more are made when needed,
-- so that a pool of 2^24 prefixes costs no more than what is used of it. Ranges of address pools never overlap within a space.
CREATE TABLE ipam_ranges (
    tenant_id uuid NOT NULL,
    pool_id   uuid NOT NULL,
    first     bigint NOT NULL,
    size      bigint NOT NULL CHECK (size > 0),
    made      bigint NOT NULL DEFAULT 0,
    start     cidr,                                  -- address pools: what the place `first` stands for
    space     uuid,
    span      ipam_inetrange,
    PRIMARY KEY (tenant_id, pool_id, first),
    CONSTRAINT ipam_ranges_apart EXCLUDE USING gist (space WITH =, span WITH &&)
);

-- A place of a pool. No reference to the pool: thousands take places at once, and must not meet at the pool's row.
CREATE TABLE ipam_slots (
    tenant_id uuid NOT NULL,
    pool_id   uuid NOT NULL,
    ordinal   bigint NOT NULL,
    state     smallint NOT NULL DEFAULT 0,           -- 0 free, 1 held, 2 rests until free_at, 3 set aside (gateway, excluded)
    free_at   timestamptz,
    note      text,
    PRIMARY KEY (tenant_id, pool_id, ordinal)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX ipam_slots_free ON ipam_slots (tenant_id, pool_id, ordinal) WHERE state = 0;
CREATE INDEX ipam_slots_resting ON ipam_slots (tenant_id, pool_id, free_at) WHERE state = 2;

-- Who holds an address or a prefix, and who held it: a row lives while ended_at is null, and stays for the history.
CREATE TABLE ipam_allocations (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    space        uuid NOT NULL,
    network      cidr NOT NULL,
    kind         smallint NOT NULL,                  -- AddressKind
    state        smallint NOT NULL,                  -- AddressState
    origin       smallint NOT NULL DEFAULT 0,        -- 0 pool, 1 static, 2 reservation, 3 console, 4 import
    pool_id      uuid,
    ordinal      bigint,
    owner_id     uuid,                               -- a subscriber; null for what belongs to the network itself
    label        text NOT NULL DEFAULT '',
    key          text NOT NULL,
    dns_name     text,
    description  text,
    allocated_at timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz,
    suspended_at timestamptz,
    expires_at   timestamptz,                        -- of a reservation
    ended_at     timestamptz,
    rests_until  timestamptz,
    created_by   text NOT NULL DEFAULT '',
    ended_by     text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ipam_allocations_apart
        EXCLUDE USING gist (space WITH =, network inet_ops WITH &&) WHERE (ended_at IS NULL)
);
-- No index but the primary key begins with the tenant: while a table is young and without statistics, any such index looks as good as the right
-- one, and the plans of functions are kept.
CREATE UNIQUE INDEX ipam_allocations_key_key ON ipam_allocations (key, kind, tenant_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX ipam_allocations_owner_key ON ipam_allocations (owner_id, kind, tenant_id) WHERE ended_at IS NULL AND owner_id IS NOT NULL;
CREATE INDEX ipam_allocations_network ON ipam_allocations (network, tenant_id, allocated_at);
CREATE INDEX ipam_allocations_owner ON ipam_allocations (owner_id, allocated_at);
CREATE INDEX ipam_allocations_pool ON ipam_allocations (pool_id, ordinal) WHERE ended_at IS NULL;
CREATE INDEX ipam_allocations_expiring ON ipam_allocations (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;

CREATE TABLE ipam_vlan_allocations (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    scope        uuid NOT NULL,                      -- site, or the tenant
    service_vlan smallint NOT NULL CHECK (service_vlan BETWEEN 1 AND 4094),
    inner_vlan   smallint CHECK (inner_vlan BETWEEN 1 AND 4094),
    pool_id      uuid,
    ordinal      bigint,
    owner_id     uuid NOT NULL,
    label        text NOT NULL DEFAULT '',
    key          text NOT NULL,
    allocated_at timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz,
    created_by   text NOT NULL DEFAULT '',
    ended_by     text,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX ipam_vlan_allocations_key_key ON ipam_vlan_allocations (key, tenant_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX ipam_vlan_allocations_owner_key ON ipam_vlan_allocations (owner_id, tenant_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX ipam_vlan_allocations_pair_key ON ipam_vlan_allocations (scope, service_vlan, inner_vlan)
    WHERE ended_at IS NULL AND inner_vlan IS NOT NULL;
CREATE INDEX ipam_vlan_allocations_vlan ON ipam_vlan_allocations (service_vlan, inner_vlan, tenant_id, allocated_at);
CREATE INDEX ipam_vlan_allocations_pool ON ipam_vlan_allocations (pool_id, ordinal) WHERE ended_at IS NULL;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['sites', 'ipam_vrfs', 'ipam_vlan_groups', 'ipam_vlans', 'ipam_prefixes', 'ipam_pools', 'ipam_vlan_pools',
        'ipam_ranges', 'ipam_slots', 'ipam_allocations', 'ipam_vlan_allocations'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO dotmac_app', t);
    END LOOP;
    -- Counters for the metrics, and expired reservations, are read over all tenants.
    FOREACH t IN ARRAY ARRAY['ipam_pools', 'ipam_vlan_pools', 'ipam_ranges', 'ipam_slots', 'ipam_allocations'] LOOP
        EXECUTE format('CALL open_across_tenants(%L, %L)', t, 'dotmac_platform');
        EXECUTE format('GRANT SELECT ON %I TO dotmac_platform', t);
    END LOOP;
    REVOKE DELETE ON ipam_allocations, ipam_vlan_allocations FROM dotmac_app;
END $$;
