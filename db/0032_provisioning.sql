-- Where a subscriber stands in its life, what it is served with, and the service that is provisioned, charged for and remembered.
ALTER TABLE subscribers
    ADD COLUMN status              smallint NOT NULL DEFAULT 1 CHECK (status BETWEEN 0 AND 5),  -- 0 pending, 1 active, 2 suspended, 3 disconnected, 4 terminated, 5 quarantined
    ADD COLUMN service_type        smallint NOT NULL DEFAULT 0,   -- DotMac.Contracts.Access.ServiceType
    ADD COLUMN customer_id         uuid,
    ADD COLUMN user_id             uuid,
    ADD COLUMN onu_serial          text CHECK (onu_serial ~ '^[A-Z]{4}[0-9A-F]{8}$'),           -- ITU-T G.984.3
    ADD COLUMN cpe_mac_address     text CHECK (cpe_mac_address ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$'),
    ADD COLUMN service_address     text,
    ADD COLUMN service_latitude    double precision CHECK (service_latitude BETWEEN -90 AND 90),
    ADD COLUMN service_longitude   double precision CHECK (service_longitude BETWEEN -180 AND 180),
    ADD COLUMN netbox_ip_id        text,                          -- ids that outside systems gave
    ADD COLUMN voltha_onu_id       text,
    ADD COLUMN genieacs_device_id  text,
    ADD COLUMN monitoring_id       text,
    ADD COLUMN activated_at        timestamptz,
    ADD COLUMN terminated_at       timestamptz;
-- The owner, who need not be a superuser, sees rows only while row security is not forced on him.
ALTER TABLE subscribers NO FORCE ROW LEVEL SECURITY;
UPDATE subscribers SET status = CASE WHEN NOT enabled THEN 3 WHEN suspended THEN 2 ELSE 1 END, activated_at = created_at;
ALTER TABLE subscribers FORCE ROW LEVEL SECURITY;
-- One fact said twice must not differ: DotMac.Access.Subscribers.Standing is the same table in code.
ALTER TABLE subscribers ADD CONSTRAINT subscribers_status_agrees CHECK (CASE status
    WHEN 0 THEN NOT suspended
    WHEN 1 THEN enabled AND NOT suspended
    WHEN 2 THEN enabled AND suspended
    WHEN 4 THEN NOT enabled AND NOT suspended
    ELSE NOT enabled END);
CREATE UNIQUE INDEX subscribers_onu_key ON subscribers (tenant_id, onu_serial) WHERE deleted_at IS NULL AND status <> 4;
CREATE UNIQUE INDEX subscribers_cpe_key ON subscribers (tenant_id, cpe_mac_address) WHERE deleted_at IS NULL AND status <> 4;
CREATE INDEX subscribers_status ON subscribers (tenant_id, status) WHERE deleted_at IS NULL AND status <> 1;

-- What is billed and what is configured. service_metadata holds the profile and the addresses as they were provisioned, so that later
-- operations do not guess. It is there before the subscriber's row is, and stays when that row is taken back.
CREATE TABLE service_instances (
    tenant_id               uuid NOT NULL REFERENCES tenants,
    id                      uuid NOT NULL,
    subscriber_id           uuid NOT NULL,
    service_identifier      text NOT NULL,             -- for people: the username
    service_type            smallint NOT NULL,
    customer_id             uuid,
    plan_id                 uuid NOT NULL,             -- a bandwidth profile, until offers exist; it may be gone by now
    status                  smallint NOT NULL,         -- DotMac.Access.Provisioning.ServiceStatus
    status_reason           text,
    run_id                  uuid,                      -- the latest run that worked on it
    service_metadata        jsonb NOT NULL DEFAULT '{}',
    ordered_at              timestamptz NOT NULL DEFAULT now(),
    provisioning_started_at timestamptz,
    activated_at            timestamptz,
    suspended_at            timestamptz,
    terminated_at           timestamptz,
    updated_at              timestamptz NOT NULL DEFAULT now(),
    version                 int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
-- A subscriber has one service at a time: 11 terminated, 3 provisioning_failed.
CREATE UNIQUE INDEX service_instances_subscriber_key ON service_instances (tenant_id, subscriber_id) WHERE status NOT IN (3, 11);
CREATE INDEX service_instances_ordered ON service_instances (tenant_id, ordered_at DESC, id DESC);
CALL isolate('service_instances');
GRANT SELECT, INSERT, UPDATE ON service_instances TO dotmac_app;

-- What happened to a service, in order; never changed, never removed.
CREATE TABLE service_events (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    service_id    uuid NOT NULL,
    at            timestamptz NOT NULL,
    type          smallint NOT NULL,                   -- DotMac.Access.Provisioning.ServiceEventType
    from_status   smallint,
    to_status     smallint,
    succeeded     boolean NOT NULL DEFAULT true,
    error_code    text,
    message       text,
    run_id        uuid,
    actor         text NOT NULL,
    data          jsonb,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX service_events_service ON service_events (tenant_id, service_id, id DESC);
CALL isolate('service_events');
GRANT SELECT, INSERT ON service_events TO dotmac_app;

-- The built-in billing driver: since when a service is charged for, paused, on another plan, over. Each key is booked once.
CREATE TABLE service_charges (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    key          text NOT NULL,
    service_id   uuid NOT NULL,
    kind         smallint NOT NULL,                    -- 0 start, 1 pause, 2 continue, 3 change, 4 stop
    plan_id      uuid,                                 -- of start and change
    customer_id  uuid,
    effective_at timestamptz NOT NULL,
    booked_at    timestamptz NOT NULL DEFAULT now(),
    voided_at    timestamptz,                          -- as if it had never been
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX service_charges_service ON service_charges (tenant_id, service_id, effective_at, booked_at);
CALL isolate('service_charges');
GRANT SELECT, INSERT, UPDATE (plan_id, effective_at, voided_at) ON service_charges TO dotmac_app;
