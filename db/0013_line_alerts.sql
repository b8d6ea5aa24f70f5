-- What the checks of a line's ids (Option 82) gave: the latest per subscriber, and what an operator should look at.
-- Bookkeeping of the AAA plane, written behind the answers; the configuration stays untouched.
CREATE TABLE line_validations (
    tenant_id         uuid NOT NULL,
    subscriber_id     uuid NOT NULL,
    last_validated_at timestamptz NOT NULL,
    last_result       smallint NOT NULL,              -- 1 match, 2 mismatch, 3 missing
    mismatch_count    bigint NOT NULL DEFAULT 0,      -- mismatches and missing ids since the subscriber was made
    PRIMARY KEY (tenant_id, subscriber_id)
);

-- One row per subscriber and place it signed on from; the same again counts up.
CREATE TABLE subscriber_alerts (
    tenant_id           uuid NOT NULL,
    id                  uuid NOT NULL,
    subscriber_id       uuid NOT NULL,
    code                text NOT NULL,                -- option82.mismatch | option82.missing
    policy              smallint NOT NULL,            -- 0 enforce, 1 log
    accepted            boolean NOT NULL,
    first_at            timestamptz NOT NULL,
    last_at             timestamptz NOT NULL,
    count               bigint NOT NULL,
    nas_id              uuid,
    expected_circuit_id text,
    actual_circuit_id   text,
    expected_remote_id  text,
    actual_remote_id    text,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX subscriber_alerts_place
    ON subscriber_alerts (tenant_id, subscriber_id, code, coalesce(actual_circuit_id, ''), coalesce(actual_remote_id, ''));
CREATE INDEX subscriber_alerts_latest ON subscriber_alerts (tenant_id, subscriber_id, last_at DESC, id DESC);
CREATE INDEX subscriber_alerts_old ON subscriber_alerts (last_at);

CALL isolate('line_validations');
CALL isolate('subscriber_alerts');
CALL open_across_tenants('line_validations', 'dotmac_aaa');
CALL open_across_tenants('subscriber_alerts', 'dotmac_aaa');
GRANT SELECT ON line_validations, subscriber_alerts TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON line_validations TO dotmac_aaa;
GRANT SELECT, INSERT, UPDATE, DELETE ON subscriber_alerts TO dotmac_aaa;
