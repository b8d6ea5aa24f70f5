-- Monthly volume caps. A bandwidth profile's cap holds for its subscribers; a subscriber's own takes its place. What was used is read from
-- usage_daily, so it is exact whenever it is looked at; the state says how far a subscriber had come when it was last looked at, and the mark what is in
-- force for the login now.

CREATE TABLE bandwidth_profile_quotas (
    tenant_id           uuid NOT NULL,
    profile_id          uuid NOT NULL,
    quota_bytes         bigint NOT NULL CHECK (quota_bytes > 0),
    direction           text NOT NULL DEFAULT 'both' CHECK (direction IN ('up', 'down', 'both')),
    reset_day           smallint NOT NULL DEFAULT 1 CHECK (reset_day BETWEEN 1 AND 28),
    action              text NOT NULL DEFAULT 'notify' CHECK (action IN ('notify', 'throttle', 'block')),
    throttle_profile_id uuid,
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, profile_id),
    FOREIGN KEY (tenant_id, profile_id) REFERENCES radius_bandwidth_profiles (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT bandwidth_profile_quotas_throttle_fkey
        FOREIGN KEY (tenant_id, throttle_profile_id) REFERENCES radius_bandwidth_profiles (tenant_id, id),
    CHECK ((action = 'throttle') = (throttle_profile_id IS NOT NULL))
);

CREATE TABLE subscriber_quotas (
    tenant_id           uuid NOT NULL,
    subscriber_id       uuid NOT NULL,
    quota_bytes         bigint CHECK (quota_bytes > 0),  -- null: no cap, whatever the profile says
    direction           text NOT NULL DEFAULT 'both' CHECK (direction IN ('up', 'down', 'both')),
    reset_day           smallint NOT NULL DEFAULT 1 CHECK (reset_day BETWEEN 1 AND 28),
    action              text NOT NULL DEFAULT 'notify' CHECK (action IN ('notify', 'throttle', 'block')),
    throttle_profile_id uuid,
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, subscriber_id),
    FOREIGN KEY (tenant_id, subscriber_id) REFERENCES subscribers (tenant_id, id),
    CONSTRAINT subscriber_quotas_throttle_fkey
        FOREIGN KEY (tenant_id, throttle_profile_id) REFERENCES radius_bandwidth_profiles (tenant_id, id),
    CHECK ((action = 'throttle') = (throttle_profile_id IS NOT NULL))
);

CREATE TABLE quota_states (
    tenant_id     uuid NOT NULL,
    subscriber_id uuid NOT NULL,
    period_start  date NOT NULL,
    period_end    date NOT NULL,                     -- the first day of the next period
    limit_bytes   bigint NOT NULL,                   -- cap and top-ups
    used_bytes    bigint NOT NULL,
    level         smallint NOT NULL DEFAULT 0,       -- 0 below 80 %, 1 warned, 2 reached
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, subscriber_id, period_start)
);

CREATE TABLE quota_top_ups (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    subscriber_id uuid NOT NULL,
    period_start  date NOT NULL,
    bytes         bigint NOT NULL CHECK (bytes > 0),
    note          text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subscriber_id) REFERENCES subscribers (tenant_id, id)
);
CREATE INDEX quota_top_ups_subscriber ON quota_top_ups (tenant_id, subscriber_id, period_start);

-- What a reached cap does to the login now: refuse it, or give it another profile's rates. No row: nothing.
CREATE SEQUENCE quota_mark_version AS int MINVALUE 1000000 CYCLE;
CREATE TABLE quota_marks (
    tenant_id           uuid NOT NULL,
    subscriber_id       uuid NOT NULL,
    blocked             boolean NOT NULL,
    throttle_profile_id uuid,
    version             int NOT NULL DEFAULT nextval('quota_mark_version'),
    created_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, subscriber_id)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['bandwidth_profile_quotas', 'subscriber_quotas', 'quota_states', 'quota_top_ups', 'quota_marks'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
    END LOOP;
END $$;
CALL open_across_tenants('quota_marks', 'dotmac_aaa');
GRANT SELECT ON quota_marks TO dotmac_aaa;
GRANT SELECT, INSERT, UPDATE, DELETE ON bandwidth_profile_quotas, subscriber_quotas, quota_marks TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON quota_states TO dotmac_app;
GRANT SELECT, INSERT ON quota_top_ups TO dotmac_app;
GRANT USAGE ON SEQUENCE quota_mark_version TO dotmac_app;

-- The cap that holds for each subscriber, if any; read with the reader's own rights.
CREATE VIEW effective_quotas WITH (security_invoker = true) AS
    SELECT s.tenant_id, s.id AS subscriber_id, s.username,
        CASE WHEN o.subscriber_id IS NOT NULL THEN 'subscriber' ELSE 'profile' END AS source,
        CASE WHEN o.subscriber_id IS NOT NULL THEN o.quota_bytes ELSE p.quota_bytes END AS quota_bytes,
        CASE WHEN o.subscriber_id IS NOT NULL THEN o.direction ELSE coalesce(p.direction, 'both') END AS direction,
        CASE WHEN o.subscriber_id IS NOT NULL THEN o.reset_day ELSE coalesce(p.reset_day, 1) END AS reset_day,
        CASE WHEN o.subscriber_id IS NOT NULL THEN o.action ELSE coalesce(p.action, 'notify') END AS action,
        CASE WHEN o.subscriber_id IS NOT NULL THEN o.throttle_profile_id ELSE p.throttle_profile_id END AS throttle_profile_id
    FROM subscribers s
    LEFT JOIN subscriber_quotas o ON o.tenant_id = s.tenant_id AND o.subscriber_id = s.id
    LEFT JOIN bandwidth_profile_quotas p ON p.tenant_id = s.tenant_id AND p.profile_id = s.bandwidth_profile_id
    WHERE s.deleted_at IS NULL;
GRANT SELECT ON effective_quotas TO dotmac_app;

-- The period that a day lies in, when periods begin on that day of the month.
CREATE FUNCTION quota_period_start(day date, reset_day int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN extract(day FROM day) >= reset_day THEN date_trunc('month', day)::date + (reset_day - 1)
        ELSE (date_trunc('month', day) - interval '1 month')::date + (reset_day - 1) END;

-- The AAA snapshot follows the marks: each is a change of its subscriber.
CREATE FUNCTION notify_quota_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mark record;
BEGIN
    IF TG_OP = 'DELETE' THEN mark := OLD; ELSE mark := NEW; END IF;
    PERFORM pg_notify('dotmac_aaa', 'subscribers ' || mark.tenant_id || ' ' || mark.subscriber_id);
    RETURN NULL;
END $$;
CREATE TRIGGER notify_aaa AFTER INSERT OR UPDATE OR DELETE ON quota_marks FOR EACH ROW EXECUTE FUNCTION notify_quota_marks();
