-- PON: the books of the OLTs (what was ordered, what the fibre shows) and, for the simulated ones, the fibre itself. The simulator is a separate machine
-- that happens to keep its state here: it is spoken to in transactions of its own, never inside a caller's.

CREATE TABLE pon_olts (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    name            text NOT NULL,
    vendor          text NOT NULL,
    model           text NOT NULL,
    site            text,
    simulated       boolean NOT NULL DEFAULT true CHECK (simulated),  -- until a driver of a real one lands
    controller_id   text NOT NULL,                    -- the controller's own id of it: another one after each restart
    oper            smallint NOT NULL DEFAULT 0,      -- DotMac.Network.Pon.OltOper: 0 online, 1 restarting, 2 unreachable
    restarts        int NOT NULL DEFAULT 0,
    last_restart_at timestamptz,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pon_olts_name_key ON pon_olts (tenant_id, lower(name));

CREATE TABLE pon_ports (
    tenant_id    uuid NOT NULL,
    olt_id       uuid NOT NULL,
    number       smallint NOT NULL CHECK (number BETWEEN 0 AND 255),
    technology   text NOT NULL DEFAULT 'gpon',
    capacity     smallint NOT NULL DEFAULT 64 CHECK (capacity BETWEEN 1 AND 128),  -- ONUs that it can range
    tx_power_dbm double precision NOT NULL DEFAULT 3.0,
    enabled      boolean NOT NULL DEFAULT true,
    PRIMARY KEY (tenant_id, olt_id, number),
    FOREIGN KEY (tenant_id, olt_id) REFERENCES pon_olts (tenant_id, id) ON DELETE CASCADE
);

-- The controller's books. The serial is what identifies an ONU; every id of the controller's own may change.
CREATE TABLE pon_onus (
    tenant_id       uuid NOT NULL,
    serial          text NOT NULL CHECK (serial ~ '^[A-Z]{4}[0-9A-F]{8}$'),
    olt_id          uuid NOT NULL,
    port            smallint NOT NULL,
    device_id       text NOT NULL,
    onu_number      smallint NOT NULL,
    admin           smallint NOT NULL,                -- DotMac.Contracts.External.OnuAdmin
    oper            smallint NOT NULL,                -- DotMac.Contracts.External.OnuOper
    owner_id        uuid,
    label           text,
    service_vlan    smallint CHECK (service_vlan BETWEEN 1 AND 4094),
    inner_vlan      smallint CHECK (inner_vlan BETWEEN 1 AND 4094),
    down_kbps       int,
    up_kbps         int,
    distance_m      int,
    rx_power_dbm    double precision,                 -- at the ONU, of the OLT's light
    tx_power_dbm    double precision,
    olt_rx_dbm      double precision,                 -- at the OLT, of the ONU's light
    temperature_c   double precision,
    observed_at     timestamptz,
    discovered_at   timestamptz NOT NULL,
    activated_at    timestamptz,
    online_since    timestamptz,
    last_down_at    timestamptz,
    last_down_cause smallint,                         -- DotMac.Contracts.External.OnuOper at that moment
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, serial),
    FOREIGN KEY (tenant_id, olt_id, port) REFERENCES pon_ports (tenant_id, olt_id, number) ON DELETE CASCADE,
    CHECK ((admin = 0) = (owner_id IS NULL))
);
CREATE UNIQUE INDEX pon_onus_number_key ON pon_onus (tenant_id, olt_id, port, onu_number);
CREATE UNIQUE INDEX pon_onus_vlan_key ON pon_onus (tenant_id, olt_id, service_vlan, inner_vlan) WHERE inner_vlan IS NOT NULL;
CREATE INDEX pon_onus_owner ON pon_onus (tenant_id, owner_id) WHERE owner_id IS NOT NULL;

-- What the OLT forwards: one row for each direction of an ONU's service.
CREATE TABLE pon_flows (
    tenant_id    uuid NOT NULL,
    serial       text NOT NULL,
    direction    smallint NOT NULL,                   -- DotMac.Network.Pon.FlowDirection: 0 up, 1 down
    service_vlan smallint,                            -- null: untagged
    inner_vlan   smallint,
    meter_kbps   int NOT NULL,
    technology_profile smallint NOT NULL DEFAULT 64,
    state        smallint NOT NULL,                   -- DotMac.Network.Pon.FlowState: 0 pending, 1 installed, 2 failed
    installed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, serial, direction),
    FOREIGN KEY (tenant_id, serial) REFERENCES pon_onus (tenant_id, serial) ON DELETE CASCADE
);

CREATE TABLE pon_optics (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    serial        text NOT NULL,
    at            timestamptz NOT NULL,
    rx_power_dbm  double precision NOT NULL,
    tx_power_dbm  double precision NOT NULL,
    olt_rx_dbm    double precision NOT NULL,
    temperature_c double precision NOT NULL,
    PRIMARY KEY (tenant_id, serial, at)
);
CREATE INDEX pon_optics_age ON pon_optics (tenant_id, at);

CREATE TABLE pon_alarms (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    olt_id          uuid NOT NULL,
    port            smallint,
    serial          text,                             -- null: of the OLT
    kind            smallint NOT NULL,                -- DotMac.Network.Pon.AlarmKind
    severity        smallint NOT NULL,                -- DotMac.Network.Pon.AlarmSeverity
    detail          text NOT NULL,
    raised_at       timestamptz NOT NULL,
    last_raised_at  timestamptz NOT NULL,
    times           int NOT NULL DEFAULT 1,
    acknowledged_at timestamptz,
    acknowledged_by text,
    note            text,
    cleared_at      timestamptz,
    cleared_by      text,                             -- null: by the network itself
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, olt_id) REFERENCES pon_olts (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX pon_alarms_open_key ON pon_alarms (tenant_id, olt_id, coalesce(serial, ''), kind) WHERE cleared_at IS NULL;
CREATE INDEX pon_alarms_raised ON pon_alarms (tenant_id, raised_at DESC, id DESC);

CREATE TABLE pon_events (
    tenant_id uuid NOT NULL REFERENCES tenants,
    id        uuid NOT NULL,
    at        timestamptz NOT NULL,
    kind      text NOT NULL,
    olt_id    uuid,
    serial    text,
    detail    text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX pon_events_at ON pon_events (tenant_id, at DESC, id DESC);

CREATE TABLE pon_settings (
    tenant_id      uuid PRIMARY KEY REFERENCES tenants,
    auto_provision boolean NOT NULL DEFAULT false,    -- a discovered ONU whose serial stands on a subscriber is activated by itself
    rx_warning_dbm double precision NOT NULL DEFAULT -25,
    rx_critical_dbm double precision NOT NULL DEFAULT -27
);

-- What the controller was asked to do, by key: asked twice with one key, it acts once.
CREATE TABLE pon_acts (
    tenant_id uuid NOT NULL REFERENCES tenants,
    key       text NOT NULL,
    serial    text NOT NULL,
    act       smallint NOT NULL,                      -- DotMac.Network.Pon.PonAct: 0 activate, 1 enable, 2 disable, 3 remove, 4 reboot
    at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX pon_acts_serial ON pon_acts (tenant_id, serial);
CREATE INDEX pon_acts_age ON pon_acts (at);

-- The simulator's side of the fibre: which boxes exist, whether they are plugged in, lit and powered. The controller does not see this table,
-- only the light that comes of it.
CREATE TABLE pon_simulated_onus (
    tenant_id     uuid NOT NULL,
    serial        text NOT NULL CHECK (serial ~ '^[A-Z]{4}[0-9A-F]{8}$'),
    olt_id        uuid NOT NULL,
    port          smallint NOT NULL,
    model         text NOT NULL,
    distance_m    int NOT NULL CHECK (distance_m BETWEEN 0 AND 60000),
    plugged       boolean NOT NULL DEFAULT false,
    powered       boolean NOT NULL DEFAULT true,
    fibre_intact  boolean NOT NULL DEFAULT true,
    extra_loss_db double precision NOT NULL DEFAULT 0,
    drift_db      double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, serial),
    FOREIGN KEY (tenant_id, olt_id, port) REFERENCES pon_ports (tenant_id, olt_id, number) ON DELETE CASCADE
);

CREATE TABLE pon_simulator (
    tenant_id  uuid PRIMARY KEY REFERENCES tenants,
    ticked_at  timestamptz NOT NULL,
    sampled_at timestamptz
);

-- Drills: how the simulator is to misbehave. Nothing in the product can write here (no role of it is granted more than reading); tests do, as the owner.
CREATE TABLE pon_simulator_drills (
    tenant_id           uuid PRIMARY KEY REFERENCES tenants,
    slow_ms             int NOT NULL DEFAULT 0,
    fail_percent        smallint NOT NULL DEFAULT 0,  -- refuses before it acts
    half_answer_percent smallint NOT NULL DEFAULT 0,  -- acts, and its answer is lost
    flows_fail_later    boolean NOT NULL DEFAULT false -- takes the flows, answers well, and drops them at its next round
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['pon_olts', 'pon_ports', 'pon_onus', 'pon_flows', 'pon_optics', 'pon_alarms', 'pon_events', 'pon_settings', 'pon_acts',
                             'pon_simulated_onus', 'pon_simulator', 'pon_simulator_drills'] LOOP
        EXECUTE format('CALL isolate(%L)', t);
    END LOOP;
END $$;
CALL open_across_tenants('pon_olts', 'dotmac_platform');
GRANT SELECT ON pon_olts TO dotmac_platform;
GRANT SELECT, INSERT, UPDATE, DELETE ON pon_olts, pon_ports, pon_onus, pon_flows, pon_acts, pon_simulated_onus, pon_simulator TO dotmac_app;
GRANT SELECT, INSERT, DELETE ON pon_optics, pon_events TO dotmac_app;
GRANT SELECT, INSERT, UPDATE ON pon_alarms, pon_settings TO dotmac_app;
GRANT SELECT ON pon_simulator_drills TO dotmac_app;
