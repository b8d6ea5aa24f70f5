-- Rollups of usage, kept by the accounting projection in the transaction that moves the journal's position; presumed ends of sessions;
-- how long accounting is kept. Days and months are the tenant's own (tenants.time_zone as it stood when the record was projected).

-- An end that no NAS reported: the reaper's (no record for three intervals) or Accounting-On/Off's. What the NAS says later overrules it.
ALTER TABLE radacct ADD COLUMN presumed_stop boolean NOT NULL DEFAULT false;
-- Octets counted before the NAS began its counters again inside the session: acctinputoctets less this is what the NAS's counter showed last.
ALTER TABLE radacct ADD COLUMN input_base bigint NOT NULL DEFAULT 0;
ALTER TABLE radacct ADD COLUMN output_base bigint NOT NULL DEFAULT 0;
-- The primary key, read backwards, does the same.
DROP INDEX radacct_started;

-- Stays at the top instead of failing: one confused counter must not hold up the records behind it.
CREATE FUNCTION add_octets(a bigint, b numeric) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN b > 9223372036854775807 - a THEN 9223372036854775807 ELSE a + b::bigint END;

-- A time zone that PostgreSQL knows, else UTC: a tenant's setting must not stop accounting.
CREATE FUNCTION known_zone(zone text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN coalesce(zone, 'UTC');
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END $$;

CREATE TABLE usage_daily (
    tenant_id        uuid NOT NULL,
    subscriber_id    uuid NOT NULL,
    day              date NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, subscriber_id, day)
) WITH (fillfactor = 80);
CREATE INDEX usage_daily_day ON usage_daily (tenant_id, day);

CREATE TABLE usage_monthly (
    tenant_id        uuid NOT NULL,
    month            date NOT NULL,                  -- its first day
    subscriber_id    uuid NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, month, subscriber_id)
) WITH (fillfactor = 80);

CREATE TABLE usage_nas_hourly (
    tenant_id        uuid NOT NULL,
    nas_id           uuid NOT NULL,
    hour             timestamptz NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, nas_id, hour)
) WITH (fillfactor = 80);

CREATE TABLE usage_nas_daily (
    tenant_id        uuid NOT NULL,
    nas_id           uuid NOT NULL,
    day              date NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, nas_id, day)
) WITH (fillfactor = 80);

-- The tenant's octets in five minutes: where the peak of an hour is seen.
CREATE TABLE usage_tenant_samples (
    tenant_id        uuid NOT NULL,
    at               timestamptz NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, at)
) WITH (fillfactor = 50);

CREATE TABLE usage_tenant_daily (
    tenant_id        uuid NOT NULL,
    day              date NOT NULL,
    uploaded_bytes   bigint NOT NULL,
    downloaded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, day)
) WITH (fillfactor = 50);

-- How long a tenant keeps its sessions and hourly volumes; without a row 24 months and 90 days. Daily and monthly volumes are kept.
CREATE TABLE accounting_retention (
    tenant_id       uuid PRIMARY KEY REFERENCES tenants,
    sessions_months smallint NOT NULL DEFAULT 24 CHECK (sessions_months BETWEEN 1 AND 120),
    hourly_days     smallint NOT NULL DEFAULT 90 CHECK (hourly_days BETWEEN 7 AND 800),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    version         int NOT NULL DEFAULT 1
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['usage_daily', 'usage_monthly', 'usage_nas_hourly', 'usage_nas_daily', 'usage_tenant_samples', 'usage_tenant_daily',
        'accounting_retention'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
        EXECUTE format('CALL open_across_tenants(%L, %L)', t, 'dotmac_aaa');
    END LOOP;
END $$;
GRANT SELECT ON usage_daily, usage_monthly, usage_nas_hourly, usage_nas_daily, usage_tenant_samples, usage_tenant_daily TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON accounting_retention TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON usage_daily, usage_monthly, usage_nas_hourly, usage_nas_daily, usage_tenant_samples, usage_tenant_daily TO dotmac_aaa;
GRANT SELECT ON accounting_retention TO dotmac_aaa;
-- Retention deletes what is past its time.
GRANT DELETE ON radacct, usage_hourly, usage_nas_hourly, usage_tenant_samples TO dotmac_aaa;

-- Adds the octets of one batch to every rollup at once. Without a subscriber they count for the NAS and the tenant.
CREATE FUNCTION add_usage(tenants_ uuid[], subscribers uuid[], nases uuid[], times timestamptz[], uploads bigint[], downloads bigint[])
RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH zones AS MATERIALIZED (
        SELECT tenant_id, known_zone(time_zone) AS zone FROM tenants WHERE tenant_id = ANY (tenants_)
    ),
    given AS MATERIALIZED (
        SELECT r.tenant, r.subscriber, r.nas, r.at, r.up, r.down, date_trunc('hour', r.at, 'UTC') AS hour,
            (r.at AT TIME ZONE coalesce(z.zone, 'UTC'))::date AS day
        FROM unnest(tenants_, subscribers, nases, times, uploads, downloads) AS r (tenant, subscriber, nas, at, up, down)
        LEFT JOIN zones z ON z.tenant_id = r.tenant
    ),
    subscriber_hours AS (
        INSERT INTO usage_hourly AS u (tenant_id, subscriber_id, hour, uploaded_bytes, downloaded_bytes)
        SELECT tenant, subscriber, hour, add_octets(0, sum(up)), add_octets(0, sum(down))
        FROM given WHERE subscriber IS NOT NULL GROUP BY 1, 2, 3
        ON CONFLICT (tenant_id, subscriber_id, hour) DO UPDATE SET
            uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
            downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
    ),
    subscriber_days AS (
        INSERT INTO usage_daily AS u (tenant_id, subscriber_id, day, uploaded_bytes, downloaded_bytes)
        SELECT tenant, subscriber, day, add_octets(0, sum(up)), add_octets(0, sum(down))
        FROM given WHERE subscriber IS NOT NULL GROUP BY 1, 2, 3
        ON CONFLICT (tenant_id, subscriber_id, day) DO UPDATE SET
            uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
            downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
    ),
    subscriber_months AS (
        INSERT INTO usage_monthly AS u (tenant_id, month, subscriber_id, uploaded_bytes, downloaded_bytes)
        SELECT tenant, date_trunc('month', day)::date, subscriber, add_octets(0, sum(up)), add_octets(0, sum(down))
        FROM given WHERE subscriber IS NOT NULL GROUP BY 1, 2, 3
        ON CONFLICT (tenant_id, month, subscriber_id) DO UPDATE SET
            uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
            downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
    ),
    nas_hours AS (
        INSERT INTO usage_nas_hourly AS u (tenant_id, nas_id, hour, uploaded_bytes, downloaded_bytes)
        SELECT tenant, nas, hour, add_octets(0, sum(up)), add_octets(0, sum(down)) FROM given GROUP BY 1, 2, 3
        ON CONFLICT (tenant_id, nas_id, hour) DO UPDATE SET
            uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
            downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
    ),
    nas_days AS (
        INSERT INTO usage_nas_daily AS u (tenant_id, nas_id, day, uploaded_bytes, downloaded_bytes)
        SELECT tenant, nas, day, add_octets(0, sum(up)), add_octets(0, sum(down)) FROM given GROUP BY 1, 2, 3
        ON CONFLICT (tenant_id, nas_id, day) DO UPDATE SET
            uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
            downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
    ),
    samples AS (
        INSERT INTO usage_tenant_samples AS u (tenant_id, at, uploaded_bytes, downloaded_bytes)
        SELECT tenant, at, add_octets(0, sum(up)), add_octets(0, sum(down)) FROM given GROUP BY 1, 2
        ON CONFLICT (tenant_id, at) DO UPDATE SET
            uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
            downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
    )
    INSERT INTO usage_tenant_daily AS u (tenant_id, day, uploaded_bytes, downloaded_bytes)
    SELECT tenant, day, add_octets(0, sum(up)), add_octets(0, sum(down)) FROM given GROUP BY 1, 2
    ON CONFLICT (tenant_id, day) DO UPDATE SET
        uploaded_bytes = add_octets(u.uploaded_bytes, excluded.uploaded_bytes),
        downloaded_bytes = add_octets(u.downloaded_bytes, excluded.downloaded_bytes)
$$;
REVOKE ALL ON FUNCTION add_usage FROM PUBLIC;
GRANT EXECUTE ON FUNCTION add_usage TO dotmac_aaa;

-- Drops the month's partition, as radacct's owner; refuses anything else, and a month that no retention may touch yet.
CREATE FUNCTION drop_radacct_partition(month_of date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    partition text := 'radacct_' || to_char(date_trunc('month', month_of), 'YYYYMM');
BEGIN
    IF date_trunc('month', month_of) > date_trunc('month', now() AT TIME ZONE 'UTC') - interval '2 months' THEN
        RAISE EXCEPTION '% is too young to be dropped', partition;
    END IF;
    IF to_regclass(partition) IS NOT NULL THEN
        EXECUTE format('DROP TABLE %I', partition);
    END IF;
END $$;
REVOKE ALL ON FUNCTION drop_radacct_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_radacct_partition TO dotmac_aaa;
