-- What stock FreeRADIUS (rlm_sql_postgresql with its own queries) reads and writes. A FreeRADIUS serves one tenant: each tenant that switches
-- this way on has a schema of its own (fr_SLUG) whose tables have the stock names and columns and are partitions of the tables here, so that
-- the stock unique index on acctuniqueid is the tenant's own, and the tenant's login role reaches nothing but its schema.
-- radcheck, radreply and nas are a projection: one writer, rebuilt at will. radacct and radpostauth are an inbox: a worker feeds them into ours.
-- Clear passwords and NAS secrets stand here and nowhere else in the database, and only while the switch is on.
CREATE SCHEMA freeradius;
GRANT USAGE ON SCHEMA freeradius TO dotmac_app, dotmac_aaa;

CREATE TABLE freeradius.settings (
    tenant_id      uuid PRIMARY KEY REFERENCES tenants,
    enabled        boolean NOT NULL,
    vendor         smallint,                          -- number of NasVendor; null: that of the tenant's NAS when they are of one
    schema_name    text NOT NULL CONSTRAINT freeradius_schema_key UNIQUE,
    role_name      text NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT now(),
    reconciled_at  timestamptz,                       -- when the projection was last compared with what it stands for
    repaired_rows  int NOT NULL DEFAULT 0,            -- what that comparison had to mend, changes of the moment included
    version        int NOT NULL DEFAULT 1
);

CREATE SEQUENCE freeradius.row_id;

CREATE TABLE freeradius.radcheck (
    tenant_id     uuid NOT NULL,
    id            bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    subscriber_id uuid NOT NULL,
    username      text NOT NULL,                      -- as the sql module asks: octets outside its safe characters as =XX
    attribute     text NOT NULL,
    op            varchar(2) NOT NULL,
    value         text NOT NULL,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE INDEX radcheck_username ON freeradius.radcheck (username, attribute);
CREATE INDEX radcheck_subscriber ON freeradius.radcheck (tenant_id, subscriber_id);

CREATE TABLE freeradius.radreply (LIKE freeradius.radcheck INCLUDING DEFAULTS) PARTITION BY LIST (tenant_id);
ALTER TABLE freeradius.radreply ADD PRIMARY KEY (tenant_id, id);
CREATE INDEX radreply_username ON freeradius.radreply (username, attribute);
CREATE INDEX radreply_subscriber ON freeradius.radreply (tenant_id, subscriber_id);

-- Present because the stock queries ask for them; nothing is kept in groups.
CREATE TABLE freeradius.radusergroup (
    tenant_id uuid NOT NULL, id bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    username text NOT NULL DEFAULT '', groupname text NOT NULL DEFAULT '', priority int NOT NULL DEFAULT 0, PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE TABLE freeradius.radgroupcheck (
    tenant_id uuid NOT NULL, id bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    groupname text NOT NULL DEFAULT '', attribute text NOT NULL DEFAULT '', op varchar(2) NOT NULL DEFAULT '==', value text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE TABLE freeradius.radgroupreply (LIKE freeradius.radgroupcheck INCLUDING DEFAULTS) PARTITION BY LIST (tenant_id);
ALTER TABLE freeradius.radgroupreply ADD PRIMARY KEY (tenant_id, id);

CREATE TABLE freeradius.nas (
    tenant_id   uuid NOT NULL,
    id          bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    nas_id      uuid NOT NULL,
    nasname     text NOT NULL,                        -- an address or a network
    shortname   text NOT NULL,
    type        text NOT NULL,
    ports       int,
    secret      text NOT NULL,
    server      text,
    community   text,
    description text,
    require_ma  text NOT NULL DEFAULT 'no',           -- yes | no: for dynamic clients (FreeRADIUS-Client-Require-MA)
    PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE INDEX nas_name ON freeradius.nas (nasname);

CREATE TABLE freeradius.nasreload (
    tenant_id uuid NOT NULL, nasipaddress inet NOT NULL, reloadtime timestamptz NOT NULL, PRIMARY KEY (tenant_id, nasipaddress)
) PARTITION BY LIST (tenant_id);

-- The stock columns; rows are written and updated by FreeRADIUS's queries alone (and closed by the reaper of lost sessions).
CREATE TABLE freeradius.radacct (
    tenant_id           uuid NOT NULL,
    radacctid           bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    acctsessionid       text NOT NULL,
    acctuniqueid        text NOT NULL,
    username            text,
    groupname           text,
    realm               text,
    nasipaddress        inet NOT NULL,
    nasportid           text,
    nasporttype         text,
    acctstarttime       timestamptz,
    acctupdatetime      timestamptz,
    acctstoptime        timestamptz,
    acctinterval        bigint,
    acctsessiontime     bigint,
    acctauthentic       text,
    connectinfo_start   text,
    connectinfo_stop    text,
    acctinputoctets     bigint,
    acctoutputoctets    bigint,
    calledstationid     text,
    callingstationid    text,
    acctterminatecause  text,
    servicetype         text,
    framedprotocol      text,
    framedipaddress     inet,
    framedipv6address   inet,
    framedipv6prefix    inet,
    framedinterfaceid   text,
    delegatedipv6prefix inet,
    class               text,
    PRIMARY KEY (tenant_id, radacctid)
) PARTITION BY LIST (tenant_id);
CREATE INDEX radacct_open_user ON freeradius.radacct (username) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_bulk_close ON freeradius.radacct (nasipaddress, acctstarttime) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_closed ON freeradius.radacct (acctstoptime) WHERE acctstoptime IS NOT NULL;

-- Each record that FreeRADIUS stored, in order, until it is in the accounting journal.
CREATE TABLE freeradius.accounting_queue (
    tenant_id uuid NOT NULL,
    seq       bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    status    smallint NOT NULL,                      -- Acct-Status-Type: 1 start, 2 stop, 3 interim
    record    jsonb NOT NULL,                         -- the radacct row as it stood then
    problem   text,                                   -- why it cannot be taken over; null: it will be
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX accounting_queue_next ON freeradius.accounting_queue (seq) WHERE problem IS NULL;

CREATE FUNCTION freeradius.queue_accounting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO freeradius.accounting_queue (tenant_id, status, record) VALUES (
        NEW.tenant_id,
        CASE
            WHEN NEW.acctstoptime IS NOT NULL THEN 2
            WHEN TG_OP = 'INSERT' AND coalesce(NEW.acctsessiontime, 0) + coalesce(NEW.acctinputoctets, 0) + coalesce(NEW.acctoutputoctets, 0) = 0 THEN 1
            WHEN TG_OP = 'UPDATE' AND NEW.acctstarttime IS DISTINCT FROM OLD.acctstarttime THEN 1
            ELSE 3
        END,
        to_jsonb(NEW));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION freeradius.queue_accounting FROM PUBLIC;
CREATE TRIGGER queue_accounting AFTER INSERT OR UPDATE ON freeradius.radacct FOR EACH ROW EXECUTE FUNCTION freeradius.queue_accounting();

-- The stock post-auth query stores the password that was typed: it is dropped before it is stored.
CREATE TABLE freeradius.radpostauth (
    tenant_id        uuid NOT NULL,
    id               bigint NOT NULL DEFAULT nextval('freeradius.row_id'),
    username         text NOT NULL,
    pass             text CHECK (pass IS NULL),
    reply            text,
    calledstationid  text,
    callingstationid text,
    authdate         timestamptz NOT NULL DEFAULT now(),
    class            text,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE FUNCTION freeradius.forget_password() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.pass := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER forget_password BEFORE INSERT OR UPDATE ON freeradius.radpostauth FOR EACH ROW EXECUTE FUNCTION freeradius.forget_password();

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['settings', 'radcheck', 'radreply', 'radusergroup', 'radgroupcheck', 'radgroupreply', 'nas', 'nasreload', 'radacct',
                             'accounting_queue', 'radpostauth'] LOOP
        EXECUTE format('CALL isolate(%L)', 'freeradius.' || t);
        EXECUTE format('CALL open_across_tenants(%L, %L)', 'freeradius.' || t, 'dotmac_aaa');
    END LOOP;
END $$;
-- The trigger fills the queue as the owner, who is under row security too.
CREATE POLICY filled_by_trigger ON freeradius.accounting_queue FOR INSERT TO CURRENT_USER WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE ON freeradius.settings TO dotmac_app;
GRANT SELECT, UPDATE (reconciled_at, repaired_rows) ON freeradius.settings TO dotmac_aaa;
GRANT SELECT ON freeradius.accounting_queue TO dotmac_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON freeradius.radcheck, freeradius.radreply, freeradius.nas TO dotmac_aaa;
GRANT SELECT, DELETE ON freeradius.radpostauth TO dotmac_aaa;
GRANT SELECT, DELETE, UPDATE (acctstoptime, acctupdatetime, acctterminatecause) ON freeradius.radacct TO dotmac_aaa;
GRANT SELECT, DELETE, UPDATE (problem) ON freeradius.accounting_queue TO dotmac_aaa;
GRANT USAGE ON SEQUENCE freeradius.row_id TO dotmac_aaa;

-- Makes the pinned tenant's schema with its tables, once; answers its name.
CREATE FUNCTION freeradius.open_tenant(slug text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tenant uuid := public.current_tenant();
    own text := 'fr_' || CASE WHEN length(slug) <= 40 THEN replace(slug, '-', '_')
                              ELSE left(replace(slug, '-', '_'), 31) || '_' || left(md5(slug), 8) END;
    t text;
BEGIN
    IF tenant IS NULL OR slug !~ '^[a-z0-9][a-z0-9-]{0,62}$' THEN
        RAISE EXCEPTION 'no tenant is pinned, or % is no slug', slug;
    END IF;

    PERFORM pg_advisory_xact_lock(hashtextextended('freeradius.open_tenant', 0));
    IF to_regnamespace(quote_ident(own)) IS NOT NULL THEN
        IF to_regclass(format('%I.tenant_%s', own, replace(tenant::text, '-', ''))) IS NULL THEN
            RAISE EXCEPTION 'the schema % belongs to another tenant', own;
        END IF;
        RETURN own;
    END IF;

    EXECUTE format('CREATE SCHEMA %I', own);
    -- Says whose schema this is: row security hides the tenants from the owner.
    EXECUTE format('CREATE SEQUENCE %I.tenant_%s', own, replace(tenant::text, '-', ''));
    FOREACH t IN ARRAY ARRAY['radcheck', 'radreply', 'radusergroup', 'radgroupcheck', 'radgroupreply', 'nas', 'nasreload', 'radacct', 'radpostauth'] LOOP
        EXECUTE format('CREATE TABLE %I.%I PARTITION OF freeradius.%I FOR VALUES IN (%L)', own, t, t, tenant);
        EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN tenant_id SET DEFAULT %L', own, t, tenant);
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', own, t);
        EXECUTE format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', own, t);
    END LOOP;
    EXECUTE format('CREATE UNIQUE INDEX radacct_unique ON %I.radacct (acctuniqueid)', own);
    EXECUTE format('CREATE UNIQUE INDEX nasreload_address ON %I.nasreload (nasipaddress)', own);
    RETURN own;
END $$;
REVOKE ALL ON FUNCTION freeradius.open_tenant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION freeradius.open_tenant TO dotmac_app;

-- Lets a FreeRADIUS's login role into one tenant's schema and nowhere else. Run by the owner (dotmac freeradius config), safe to repeat.
CREATE PROCEDURE freeradius.admit(own text, role_name text) LANGUAGE plpgsql AS $$
DECLARE t text;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', own, role_name);
    EXECUTE format('GRANT SELECT ON %1$I.radcheck, %1$I.radreply, %1$I.radusergroup, %1$I.radgroupcheck, %1$I.radgroupreply, %1$I.nas TO %2$I', own, role_name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %1$I.radacct, %1$I.nasreload TO %2$I', own, role_name);
    EXECUTE format('GRANT INSERT ON %I.radpostauth TO %I', own, role_name);
    EXECUTE format('GRANT USAGE ON SEQUENCE freeradius.row_id TO %I', role_name);
    FOREACH t IN ARRAY ARRAY['radcheck', 'radreply', 'radusergroup', 'radgroupcheck', 'radgroupreply', 'nas', 'nasreload', 'radacct', 'radpostauth'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS its_freeradius ON %I.%I', own, t);
        EXECUTE format('CREATE POLICY its_freeradius ON %I.%I TO %I USING (true) WITH CHECK (true)', own, t, role_name);
    END LOOP;
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', role_name, current_database(), own);
END $$;
REVOKE ALL ON PROCEDURE freeradius.admit FROM PUBLIC;
