-- Every answer to an Access-Request with what led to it, kept 30 days in at most 200 octets a row, indexes included: hence numbers for
-- codes and NAS, no key, and no username where the subscriber is known. A row is named by its time (unique per writer) and its writer.
CREATE TABLE decision_codes (
    number smallint PRIMARY KEY,                      -- below 100: accepted
    code   text NOT NULL UNIQUE
);
GRANT SELECT ON decision_codes TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON decision_codes TO dotmac_aaa;

ALTER TABLE nas ADD COLUMN number int GENERATED ALWAYS AS IDENTITY CONSTRAINT nas_number_key UNIQUE;

CREATE TABLE decisions (
    at               timestamptz NOT NULL,            -- unique to the microsecond among the rows of its writer
    tenant_id        uuid NOT NULL,
    subscriber_id    uuid,
    nas_number       int NOT NULL,                    -- of nas; 0: it is not known any more
    login_version    int,                             -- of the subscriber and of its profile, when it was decided
    profile_version  int,
    writer           smallint NOT NULL,
    code             smallint NOT NULL,               -- decision_codes
    method           smallint NOT NULL,               -- DotMac.Access.Aaa.AuthMethod
    username         text,                            -- as it was sent; null: the subscriber's
    callingstationid text,
    calledstationid  text,
    circuit_id       text,                            -- when the line was looked at
    remote_id        text,
    data             text                             -- what the rule compared, when it says more than the code
) PARTITION BY RANGE (at);
CREATE INDEX decisions_at ON decisions USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX decisions_subscriber ON decisions (subscriber_id, at) WHERE subscriber_id IS NOT NULL;
CREATE INDEX decisions_username ON decisions (tenant_id, username, at) WHERE subscriber_id IS NULL;
CREATE INDEX decisions_rejected ON decisions (tenant_id, code, at) WHERE code >= 100;
CALL isolate('decisions');
CALL open_across_tenants('decisions', 'dotmac_aaa');
GRANT SELECT ON decisions TO dotmac_app;
GRANT SELECT, INSERT ON decisions TO dotmac_aaa;

-- How many of each code, per five minutes and NAS: counts over days without reading the rows.
CREATE TABLE decision_counts (
    tenant_id  uuid NOT NULL,
    bucket     timestamptz NOT NULL,
    nas_number int NOT NULL,
    code       smallint NOT NULL,
    count      bigint NOT NULL,
    PRIMARY KEY (tenant_id, bucket, nas_number, code)
);
CALL isolate('decision_counts');
CALL open_across_tenants('decision_counts', 'dotmac_aaa');
GRANT SELECT ON decision_counts TO dotmac_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON decision_counts TO dotmac_aaa;

-- Makes the days' partitions that are missing, from one day to another. A partition is reached through decisions alone: nobody is granted
-- it, and its own row security is forced without a policy.
CREATE FUNCTION ensure_decision_partitions(first_day date, last_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date := first_day;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('decision_partitions', 0));
    WHILE day <= last_day LOOP
        partition := 'decisions_' || to_char(day, 'YYYYMMDD');
        IF to_regclass(partition) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF decisions FOR VALUES FROM (%L) TO (%L)', partition,
                day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
        END IF;
        day := day + 1;
    END LOOP;
END $$;

-- Drops whole days before the given one; answers how many. Waits for no reader for long: what is in use goes next time.
CREATE FUNCTION drop_decision_partitions(before_day date) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    partition record;
    dropped int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('decision_partitions', 0));
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'decisions'::regclass AND c.relname < 'decisions_' || to_char(before_day, 'YYYYMMDD')
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE %I', partition.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION ensure_decision_partitions, drop_decision_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_decision_partitions, drop_decision_partitions TO dotmac_aaa;

INSERT INTO decision_codes (number, code) VALUES
    (1, 'accepted'), (2, 'accepted.walled_garden'), (99, 'accepted.other'),
    (100, 'rejected.other'), (101, 'username.missing'), (102, 'login.unknown'), (103, 'login.disabled'), (104, 'password.wrong'),
    (105, 'credentials.missing'), (106, 'method.unsupported'), (107, 'sessions.too_many'), (108, 'login.suspended'),
    (109, 'option82.mismatch'), (110, 'option82.missing');

-- What was kept so far moves over; the old table's place is taken by a view in the stock words.
SELECT ensure_decision_partitions(
    greatest((now() AT TIME ZONE 'UTC')::date - 30, min(authdate AT TIME ZONE 'UTC')::date), (now() AT TIME ZONE 'UTC')::date + 3)
FROM (SELECT authdate FROM radpostauth UNION ALL SELECT now() - interval '1 day') AS kept;
INSERT INTO decisions (at, tenant_id, subscriber_id, nas_number, writer, code, method, username, callingstationid, calledstationid, data)
SELECT r.authdate, r.tenant_id, r.subscriber_id, coalesce(n.number, 0), 0,
    coalesce(c.number, CASE WHEN r.reply = 'Access-Accept' THEN 99 ELSE 100 END),
    CASE r.method WHEN 'pap' THEN 1 WHEN 'chap' THEN 2 WHEN 'mschap' THEN 3 WHEN 'eap' THEN 4 ELSE 0 END,
    CASE WHEN s.username IS DISTINCT FROM r.username THEN r.username END, r.callingstationid, r.calledstationid, r.detail
FROM radpostauth r
LEFT JOIN decision_codes c ON c.code = r.code
LEFT JOIN subscribers s ON s.tenant_id = r.tenant_id AND s.id = r.subscriber_id
LEFT JOIN nas n ON n.id = r.nas_id
WHERE r.authdate >= ((now() AT TIME ZONE 'UTC')::date - 30)::timestamp AT TIME ZONE 'UTC';
INSERT INTO decision_counts (tenant_id, bucket, nas_number, code, count)
SELECT tenant_id, date_bin('5 minutes', at, '2000-01-01'), nas_number, code, count(*) FROM decisions GROUP BY 1, 2, 3, 4;
DROP TABLE radpostauth;

CREATE VIEW radpostauth WITH (security_invoker = true) AS
SELECT d.tenant_id, (extract(epoch FROM d.at) * 1000000)::bigint AS id, coalesce(d.username, s.username, '') AS username, d.subscriber_id,
    CASE WHEN d.code < 100 THEN 'Access-Accept' ELSE 'Access-Reject' END AS reply, coalesce(c.code, 'other') AS code, d.data AS detail,
    d.at AS authdate, n.id AS nas_id, d.callingstationid, d.calledstationid,
    (ARRAY['none', 'pap', 'chap', 'mschap', 'eap'])[d.method + 1] AS method
FROM decisions d
LEFT JOIN decision_codes c ON c.number = d.code
LEFT JOIN subscribers s ON s.tenant_id = d.tenant_id AND s.id = d.subscriber_id
LEFT JOIN nas n ON n.number = d.nas_number;
GRANT SELECT ON radpostauth TO dotmac_app, dotmac_aaa;
