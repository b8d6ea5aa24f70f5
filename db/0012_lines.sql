-- What a subscriber's line is and gets: where it is (Option 82), how it gets IPv6, pools, routes, the MAC that may sign on by itself, and
-- whether it is suspended. An IPv6 mode that is not chosen (null) follows from the prefixes and addresses that the line has.
ALTER TABLE subscribers
    ADD COLUMN circuit_id              text,
    ADD COLUMN remote_id               text,
    ADD COLUMN option82_policy         smallint NOT NULL DEFAULT 1 CHECK (option82_policy BETWEEN 0 AND 2),  -- 0 enforce, 1 log, 2 ignore
    ADD COLUMN ipv6_mode               smallint CHECK (ipv6_mode BETWEEN 0 AND 4),  -- 0 none, 1 slaac, 2 stateful, 3 pd, 4 dual_stack
    ADD COLUMN framed_ipv4_pool        text,
    ADD COLUMN framed_ipv6_pool        text,
    ADD COLUMN delegated_ipv6_pool     text,
    ADD COLUMN framed_routes           text[] NOT NULL DEFAULT '{}',                -- RFC 2865 §5.22, one Framed-Route each
    ADD COLUMN mac_address             text CHECK (mac_address ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$'),
    ADD COLUMN suspended               boolean NOT NULL DEFAULT false,
    ADD COLUMN suspension_reason       text,
    ADD COLUMN suspended_at            timestamptz,
    ADD COLUMN walled_garden_filter_id text;
CREATE UNIQUE INDEX subscribers_mac_key ON subscribers (tenant_id, mac_address) WHERE deleted_at IS NULL;
