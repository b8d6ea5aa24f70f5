-- Handing out addresses and prefixes: see docs/decisions/0042-address-allocation.md. All of it runs in the caller's transaction, as the caller.

-- The n-th piece of length `unit` counted from `start`. Lengths up to 64 count in the upper half of an IPv6 address.
CREATE FUNCTION ipam_nth(start cidr, unit int, n bigint) RETURNS cidr LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    upper text;
BEGIN
    IF family(start) = 4 OR unit = 128 THEN
        RETURN set_masklen((host(start)::inet + n), unit)::cidr;
    END IF;
    upper := lpad(to_hex((('x' || encode(substring(inet_send(start) FROM 5 FOR 8), 'hex'))::bit(64)::bigint) + (n << (64 - unit))), 16, '0');
    RETURN (substr(upper, 1, 4) || ':' || substr(upper, 5, 4) || ':' || substr(upper, 9, 4) || ':' || substr(upper, 13, 4) || '::/' || unit)::cidr;
END $$;

-- Which piece of its length `network` is, counted from `start`: the inverse of ipam_nth.
CREATE FUNCTION ipam_index(start cidr, network cidr) RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF family(start) = 4 OR masklen(network) = 128 THEN
        RETURN host(network)::inet - host(start)::inet;
    END IF;
    RETURN (('x' || encode(substring(inet_send(network) FROM 5 FOR 8), 'hex'))::bit(64)::bigint
        - ('x' || encode(substring(inet_send(start) FROM 5 FOR 8), 'hex'))::bit(64)::bigint) >> (64 - masklen(network));
END $$;

-- What place `place` of a pool stands for. (These short functions are PL/pgSQL because it keeps their plans; an SQL function is planned with every call.)
CREATE FUNCTION ipam_place(pool uuid, unit int, place bigint) RETURNS cidr LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT ipam_nth(r.start, unit, place - r.first) FROM ipam_ranges r
        WHERE r.tenant_id = current_tenant() AND r.pool_id = pool AND r.first <= place ORDER BY r.first DESC LIMIT 1);
END $$;

-- Makes the next slots of a pool, when there is no free one or, `ahead` of need, regardless. False when every place has one.
CREATE FUNCTION ipam_extend(pool uuid, low bigint, high bigint, most int DEFAULT 256, ahead boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := current_tenant();
    range record;
    chunk bigint;
BEGIN
    SELECT r.first, r.size, r.made INTO range FROM ipam_ranges r
    WHERE r.tenant_id = tenant AND r.pool_id = pool AND r.made < r.size AND r.first <= high AND r.first + r.size > low
    ORDER BY r.first LIMIT 1 FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    -- Somebody else may have made some while we waited for the range.
    IF NOT ahead THEN
        PERFORM 1 FROM ipam_slots s
        WHERE s.tenant_id = tenant AND s.pool_id = pool AND s.state = 0 AND s.ordinal BETWEEN low AND high
        LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            RETURN true;
        END IF;
    END IF;

    chunk := least(most, range.size - range.made);
    INSERT INTO ipam_slots (tenant_id, pool_id, ordinal)
    SELECT tenant, pool, range.first + range.made + n FROM generate_series(0, chunk - 1) AS n
    ON CONFLICT DO NOTHING;
    UPDATE ipam_ranges r SET made = made + chunk WHERE r.tenant_id = tenant AND r.pool_id = pool AND r.first = range.first;
    RETURN true;
END $$;

-- Takes the lowest free place of a pool that nobody else is taking just now. NULL: exhausted, and nobody is about to give one back.
-- -1: the last ones are in the hands of others who did not end within the patience.
CREATE FUNCTION ipam_take(pool uuid, at timestamptz, low bigint DEFAULT 0, high bigint DEFAULT 9223372036854775807) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := current_tenant();
    taken bigint;
    rested bigint;
BEGIN
    LOOP
        -- What has rested long enough is free again.
        FOR rested IN
            SELECT s.ordinal FROM ipam_slots s
            WHERE s.tenant_id = tenant AND s.pool_id = pool AND s.state = 2 AND s.free_at <= at
            ORDER BY s.free_at LIMIT 64 FOR UPDATE SKIP LOCKED
        LOOP
            UPDATE ipam_slots SET state = 0, free_at = NULL WHERE tenant_id = tenant AND pool_id = pool AND ordinal = rested;
        END LOOP;

        UPDATE ipam_slots SET state = 1, free_at = NULL
        WHERE tenant_id = tenant AND pool_id = pool AND ordinal = (
            SELECT s.ordinal FROM ipam_slots s
            WHERE s.tenant_id = tenant AND s.pool_id = pool AND s.state = 0 AND s.ordinal BETWEEN low AND high
            ORDER BY s.ordinal LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING ordinal INTO taken;
        IF FOUND THEN
            RETURN taken;
        END IF;

        CONTINUE WHEN ipam_extend(pool, low, high);

        -- Others hold the last places in transactions that may still be rolled back: wait for each in turn.
        BEGIN
            PERFORM set_config('lock_timeout', '5s', true);
            SELECT s.ordinal INTO taken FROM ipam_slots s
            WHERE s.tenant_id = tenant AND s.pool_id = pool AND (s.state = 0 OR s.state = 2 AND s.free_at <= at) AND s.ordinal BETWEEN low AND high
            ORDER BY s.ordinal LIMIT 1 FOR UPDATE;
            IF FOUND THEN
                PERFORM set_config('lock_timeout', '0', true);
                UPDATE ipam_slots SET state = 1, free_at = NULL WHERE tenant_id = tenant AND pool_id = pool AND ordinal = taken;
                RETURN taken;
            END IF;
            PERFORM set_config('lock_timeout', '0', true);
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            RETURN -1;
        END;

        PERFORM 1 FROM ipam_slots s
        WHERE s.tenant_id = tenant AND s.pool_id = pool AND (s.state = 0 OR s.state = 2 AND s.free_at <= at) AND s.ordinal BETWEEN low AND high
        LIMIT 1;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END LOOP;
END $$;

-- Takes one place and no other. False when it is held, rests after somebody else, or is set aside.
CREATE FUNCTION ipam_claim(pool uuid, place bigint, at timestamptz, may_rest boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ipam_slots AS s (tenant_id, pool_id, ordinal, state) VALUES (current_tenant(), pool, place, 1)
    ON CONFLICT (tenant_id, pool_id, ordinal) DO UPDATE SET state = 1, free_at = NULL
        WHERE s.state = 0 OR s.state = 2 AND (s.free_at <= at OR may_rest);
    RETURN FOUND;
END $$;

-- Gives a place back: it rests until free_at, or is free at once when that is null.
CREATE FUNCTION ipam_give_back(pool uuid, place bigint, rests_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ipam_slots SET state = CASE WHEN rests_until IS NULL THEN 0 ELSE 2 END, free_at = rests_until
    WHERE tenant_id = current_tenant() AND pool_id = pool AND ordinal = place AND state = 1;
END $$;

-- Whether this line has the address or prefix.
CREATE FUNCTION ipam_on_line(target cidr, line uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM subscribers s WHERE s.tenant_id = current_tenant() AND s.id = line AND s.deleted_at IS NULL
        AND (s.framed_ipv4_address = host(target)::inet OR s.framed_ipv6_address = host(target)::inet OR s.delegated_ipv6_prefix = target));
END $$;

-- Whether another line has it.
CREATE FUNCTION ipam_on_other_line(target cidr, line uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    address inet := host(target)::inet;
BEGIN
    IF family(target) = 4 THEN
        RETURN EXISTS (SELECT 1 FROM subscribers s WHERE s.tenant_id = current_tenant() AND s.deleted_at IS NULL
            AND s.framed_ipv4_address = address AND s.id IS DISTINCT FROM line);
    ELSIF masklen(target) = 128 THEN
        RETURN EXISTS (SELECT 1 FROM subscribers s WHERE s.tenant_id = current_tenant() AND s.deleted_at IS NULL
            AND s.framed_ipv6_address = address AND s.id IS DISTINCT FROM line);
    END IF;
    RETURN EXISTS (SELECT 1 FROM subscribers s WHERE s.tenant_id = current_tenant() AND s.deleted_at IS NULL
        AND s.delegated_ipv6_prefix = target AND s.id IS DISTINCT FROM line);
END $$;

-- One address or prefix for one owner. Outcomes: ok, known (the key or a reservation of the owner had it), held (owner has another of the
-- kind), taken, set_aside, resting, wrong_unit, exhausted, busy, pool_unknown, pool_closed.
CREATE FUNCTION ipam_allocate(
    new_id uuid, for_key text, for_owner uuid, for_label text, of_kind smallint, wanted cidr, pool_name text, wanted_length int, at_site uuid,
    as_state smallint, as_origin smallint, actor text, at timestamptz, until timestamptz, dns text, about text, in_space uuid,
    OUT outcome text, OUT allocation_id uuid, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := current_tenant();
    live record;
    pool record;
    place bigint;
    target cidr := wanted;
    home uuid := coalesce(in_space, current_tenant());
    look boolean := wanted IS NOT NULL;
BEGIN
    LOOP
        -- Most ask for the first time: they are looked for only when something speaks against them, and each in its own unique index.
        IF look THEN
            SELECT a.id, a.key, a.network, a.origin INTO live FROM ipam_allocations a
            WHERE a.tenant_id = tenant AND a.key = for_key AND a.kind = of_kind AND a.ended_at IS NULL;
            IF NOT FOUND AND for_owner IS NOT NULL THEN
                SELECT a.id, a.key, a.network, a.origin INTO live FROM ipam_allocations a
                WHERE a.tenant_id = tenant AND a.owner_id = for_owner AND a.kind = of_kind AND a.ended_at IS NULL;
            END IF;
            IF live.id IS NOT NULL THEN
                IF live.key = for_key THEN
                    SELECT 'known', live.id INTO outcome, allocation_id;
                ELSIF live.origin = 2 AND as_origin <> 2 AND (wanted IS NULL OR wanted = live.network) THEN
                    -- What was kept for this owner is his now.
                    UPDATE ipam_allocations a SET key = for_key, state = as_state, origin = as_origin, expires_at = NULL, label = for_label,
                        allocated_at = at, created_by = actor
                    WHERE a.tenant_id = tenant AND a.id = live.id AND a.ended_at IS NULL;
                    CONTINUE WHEN NOT FOUND;
                    SELECT 'known', live.id INTO outcome, allocation_id;
                ELSE
                    SELECT 'held', live.id, live.network::text INTO outcome, allocation_id, detail;
                END IF;
                RETURN;
            END IF;
        END IF;

        IF wanted IS NULL THEN
            SELECT p.id, p.unit, p.status, coalesce(p.vrf_id, p.tenant_id) AS space INTO pool FROM ipam_pools p
            WHERE p.tenant_id = tenant
                AND CASE of_kind WHEN 0 THEN p.kind IN (0, 1) WHEN 1 THEN p.kind = 2 ELSE p.kind = 3 END
                AND CASE WHEN pool_name IS NOT NULL THEN lower(p.name) = lower(pool_name)
                    ELSE p.is_default AND p.status = 1 AND (p.site_id IS NULL OR p.site_id = at_site) END
                AND (wanted_length IS NULL OR of_kind <> 2 OR p.unit = wanted_length)
            ORDER BY p.site_id NULLS LAST, p.name LIMIT 1;
            IF NOT FOUND THEN
                outcome := 'pool_unknown';
                RETURN;
            ELSIF pool.status <> 1 THEN
                outcome := 'pool_closed';
                RETURN;
            END IF;

            place := ipam_take(pool.id, at);
            IF place IS NULL OR place < 0 THEN
                IF NOT look THEN
                    look := true;
                    CONTINUE;
                END IF;
                outcome := CASE WHEN place IS NULL THEN 'exhausted' ELSE 'busy' END;
                RETURN;
            END IF;

            target := ipam_place(pool.id, pool.unit, place);
            home := pool.space;
            -- A line may have been given it by hand, without the plan's being told: it is passed over, and looked at again later.
            IF ipam_on_other_line(target, for_owner) THEN
                UPDATE ipam_slots s SET state = 2, free_at = at + interval '1 hour', note = 'on a line that the plan was not told of'
                WHERE s.tenant_id = tenant AND s.pool_id = pool.id AND s.ordinal = place;
                CONTINUE;
            END IF;
        ELSE
            -- Pools are made under the exclusive lock: none appears around an address while it is being taken.
            PERFORM pg_advisory_xact_lock_shared(hashtextextended('ipam_pools ' || tenant, 0));
            SELECT p.id, p.unit, r.space, r.first, r.start INTO pool
            FROM ipam_ranges r JOIN ipam_pools p ON p.tenant_id = r.tenant_id AND p.id = r.pool_id
            WHERE r.tenant_id = tenant AND r.span && ipam_inetrange(host(wanted)::inet, host(broadcast(wanted))::inet, '[]')
                AND CASE WHEN in_space IS NOT NULL THEN r.space = in_space WHEN pool_name IS NOT NULL THEN lower(p.name) = lower(pool_name) ELSE true END
            ORDER BY r.space = tenant DESC, p.name LIMIT 1;
            place := NULL;
            IF FOUND THEN
                home := pool.space;
                IF pool.unit <> masklen(wanted) THEN
                    outcome := 'wrong_unit';
                    detail := pool.unit::text;
                    RETURN;
                END IF;

                place := pool.first + ipam_index(pool.start, wanted);
                IF NOT ipam_claim(pool.id, place, at, ipam_on_line(wanted, for_owner) OR EXISTS (
                    SELECT 1 FROM ipam_allocations a WHERE a.tenant_id = tenant AND a.network = wanted AND a.space = home AND a.owner_id = for_owner
                        AND a.ended_at = (SELECT max(b.ended_at) FROM ipam_allocations b WHERE b.tenant_id = tenant AND b.network = wanted AND b.space = home)))
                THEN
                    SELECT CASE s.state WHEN 2 THEN 'resting' WHEN 3 THEN 'set_aside' ELSE 'taken' END, coalesce(s.free_at::text, s.note)
                    INTO outcome, detail FROM ipam_slots s WHERE s.tenant_id = tenant AND s.pool_id = pool.id AND s.ordinal = place;
                    RETURN;
                END IF;
            ELSIF pool_name IS NOT NULL THEN
                outcome := 'pool_unknown';
                RETURN;
            ELSIF in_space IS NULL THEN
                SELECT p.space INTO home FROM ipam_prefixes p WHERE p.tenant_id = tenant AND p.network >>= wanted
                ORDER BY p.space = tenant DESC, masklen(p.network) DESC LIMIT 1;
                home := coalesce(home, tenant);
            END IF;
        END IF;

        INSERT INTO ipam_allocations (tenant_id, id, space, network, kind, state, origin, pool_id, ordinal, owner_id, label, key, dns_name,
            description, allocated_at, expires_at, created_by)
        VALUES (tenant, new_id, home, target, of_kind, as_state, as_origin, CASE WHEN place IS NOT NULL THEN pool.id END, place, for_owner,
            for_label, for_key, dns, about, at, until, actor)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            SELECT 'ok', new_id INTO outcome, allocation_id;
            RETURN;
        END IF;

        -- Somebody was quicker: with this key, for this owner, or (with no slot between them) with this network.
        IF place IS NOT NULL THEN
            PERFORM ipam_give_back(pool.id, place, NULL);
        END IF;
        IF NOT look THEN
            look := true;
        ELSIF wanted IS NOT NULL THEN
            IF EXISTS (SELECT 1 FROM ipam_allocations a WHERE a.tenant_id = tenant AND a.key = for_key AND a.kind = of_kind AND a.ended_at IS NULL)
                OR EXISTS (SELECT 1 FROM ipam_allocations a
                    WHERE a.tenant_id = tenant AND a.owner_id = for_owner AND a.kind = of_kind AND a.ended_at IS NULL)
            THEN
                CONTINUE;
            END IF;
            outcome := 'taken';
            RETURN;
        ELSE
            UPDATE ipam_slots s SET state = 3, note = 'overlaps an allocation'
            WHERE s.tenant_id = tenant AND s.pool_id = pool.id AND s.ordinal = place
                AND EXISTS (SELECT 1 FROM ipam_allocations o WHERE o.space = home AND o.network && target AND o.ended_at IS NULL);
        END IF;
    END LOOP;
END $$;

-- Ends an allocation. What was in use rests for the pool's quarantine; what never was is free at once.
CREATE FUNCTION ipam_release(which uuid, at timestamptz, actor text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    gone record;
BEGIN
    UPDATE ipam_allocations a SET state = 5, ended_at = at, ended_by = actor, expires_at = NULL, rests_until = (
        SELECT at + make_interval(secs => p.quarantine_seconds) FROM ipam_pools p
        WHERE p.tenant_id = a.tenant_id AND p.id = a.pool_id AND p.quarantine_seconds > 0 AND a.activated_at IS NOT NULL)
    WHERE a.tenant_id = current_tenant() AND a.id = which AND a.ended_at IS NULL
    RETURNING a.pool_id, a.ordinal, a.rests_until INTO gone;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM ipam_give_back(gone.pool_id, gone.ordinal, gone.rests_until);
    RETURN true;
END $$;
