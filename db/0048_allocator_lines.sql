-- The allocator sees everything that a line may have been given by hand: single addresses, link prefixes, delegated prefixes, what contains them and
-- what lies in them (NetworkProfiles/AddressConflicts lets a person give a line more: he may mean it). The link's length is asked for too: pools of /64 and of /128 can both serve by
-- default. An order may name a reservation.

DROP FUNCTION ipam_allocate;
DROP FUNCTION ipam_on_other_line;

-- What an allocation was while it was only kept for somebody: undone before it was ever in use, it is that again.
ALTER TABLE ipam_allocations ADD COLUMN reserved jsonb;

-- Whether this line has the address or prefix.
CREATE OR REPLACE FUNCTION ipam_on_line(target cidr, line uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM subscribers s WHERE s.tenant_id = current_tenant() AND s.id = line AND s.deleted_at IS NULL
        AND (s.framed_ipv4_address = host(target)::inet OR s.framed_ipv6_address = host(target)::inet OR s.framed_ipv6_prefix = target
            OR s.delegated_ipv6_prefix = target));
END $$;

-- What another line has of it, or around it; NULL when none has. Networks sort by their bits and then by their length, so what lies within one is a
-- run of the index; what lies around it is one of a few that can be named. (Link prefixes of lines are /16 to /128, delegated ones /48 to /64.)
CREATE FUNCTION ipam_line_overlap(target cidr, line uuid) RETURNS cidr LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := current_tenant();
    address inet := host(target)::inet;
    final inet;
    around cidr[];
    other cidr;
BEGIN
    IF family(target) = 4 THEN
        SELECT target INTO other FROM subscribers s
        WHERE s.tenant_id = tenant AND s.framed_ipv4_address = address AND s.deleted_at IS NULL AND s.id IS DISTINCT FROM line;
        RETURN other;
    END IF;

    final := set_masklen(broadcast(target), 128);
    around := ARRAY(SELECT set_masklen(target, n) FROM generate_series(16, masklen(target)) AS n);
    SELECT s.delegated_ipv6_prefix INTO other FROM subscribers s
    WHERE s.tenant_id = tenant AND s.delegated_ipv6_prefix = ANY (around[33:49]) AND s.deleted_at IS NULL AND s.id IS DISTINCT FROM line
    ORDER BY masklen(s.delegated_ipv6_prefix) LIMIT 1;
    IF NOT FOUND THEN
        SELECT s.framed_ipv6_prefix INTO other FROM subscribers s
        WHERE s.tenant_id = tenant AND s.framed_ipv6_prefix = ANY (around) AND s.framed_ipv6_prefix IS NOT NULL AND s.deleted_at IS NULL
            AND s.id IS DISTINCT FROM line
        ORDER BY masklen(s.framed_ipv6_prefix) LIMIT 1;
    END IF;
    IF NOT FOUND THEN
        SELECT target INTO other FROM subscribers s
        WHERE s.tenant_id = tenant AND s.framed_ipv6_address BETWEEN address AND final AND s.deleted_at IS NULL AND s.id IS DISTINCT FROM line
        LIMIT 1;
    END IF;
    IF NOT FOUND AND masklen(target) < 128 THEN
        SELECT target INTO other FROM subscribers s
        WHERE s.tenant_id = tenant AND s.framed_ipv6_prefix BETWEEN target AND final::cidr AND s.deleted_at IS NULL AND s.id IS DISTINCT FROM line
        LIMIT 1;
    END IF;
    IF NOT FOUND AND masklen(target) < 64 THEN
        SELECT target INTO other FROM subscribers s
        WHERE s.tenant_id = tenant AND s.delegated_ipv6_prefix BETWEEN target AND final::cidr AND s.deleted_at IS NULL AND s.id IS DISTINCT FROM line
        LIMIT 1;
    END IF;
    RETURN other;
END $$;

-- Lays a place aside for an hour, and the free ones behind it that lie in the same network of somebody's line. The last place that does.
CREATE FUNCTION ipam_pass_over(pool uuid, unit int, place bigint, overlap cidr, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := current_tenant();
    final bigint := place;
BEGIN
    IF masklen(overlap) < unit THEN
        SELECT r.first + ipam_index(r.start, set_masklen(least(host(broadcast(overlap))::inet, upper(r.span)), unit)::cidr) INTO final FROM ipam_ranges r
        WHERE r.tenant_id = tenant AND r.pool_id = pool AND r.first <= place ORDER BY r.first DESC LIMIT 1;
    END IF;

    UPDATE ipam_slots s SET state = 2, free_at = at + interval '1 hour', note = 'on a line that the plan was not told of'
    WHERE s.tenant_id = tenant AND s.pool_id = pool AND s.ordinal = place;
    UPDATE ipam_slots s SET state = 2, free_at = at + interval '1 hour', note = 'on a line that the plan was not told of'
    WHERE final > place AND s.tenant_id = tenant AND s.pool_id = pool AND s.ordinal IN (
        SELECT f.ordinal FROM ipam_slots f
        WHERE f.tenant_id = tenant AND f.pool_id = pool AND f.state = 0 AND f.ordinal BETWEEN place AND final
        ORDER BY f.ordinal LIMIT 4096 FOR UPDATE SKIP LOCKED);
    RETURN final;
END $$;

-- Makes the next slots of a pool, when there is no free one or, `ahead` of need, regardless. False when every place has one.
CREATE OR REPLACE FUNCTION ipam_extend(pool uuid, low bigint, high bigint, most int DEFAULT 256, ahead boolean DEFAULT false) RETURNS boolean
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

    -- Over more places than are worth making, all in one network that a line was given by hand, we step: they can still be asked for by name.
    IF low - range.first - range.made > 65536 THEN
        range.made := low - range.first;
    END IF;

    chunk := least(most, range.size - range.made);
    INSERT INTO ipam_slots (tenant_id, pool_id, ordinal)
    SELECT tenant, pool, range.first + range.made + n FROM generate_series(0, chunk - 1) AS n
    ON CONFLICT DO NOTHING;
    UPDATE ipam_ranges r SET made = range.made + chunk WHERE r.tenant_id = tenant AND r.pool_id = pool AND r.first = range.first;
    RETURN true;
END $$;

-- What was kept for somebody is an owner's now. False when it was used or ended meanwhile, or the owner came to hold another of the kind.
CREATE FUNCTION ipam_use_reservation(
    which uuid, for_key text, for_owner uuid, for_label text, as_state smallint, as_origin smallint, actor text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ipam_allocations a SET key = for_key, owner_id = for_owner, label = for_label, state = as_state, origin = as_origin, expires_at = NULL,
        allocated_at = at, created_by = actor, reserved = jsonb_build_object('key', a.key, 'owner_id', a.owner_id, 'label', a.label,
            'expires_at', a.expires_at, 'allocated_at', a.allocated_at, 'created_by', a.created_by)
    WHERE a.tenant_id = current_tenant() AND a.id = which AND a.origin = 2 AND a.ended_at IS NULL;
    RETURN FOUND;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END $$;

-- One address or prefix for one owner. Outcomes: ok, known (the key or a reservation of the owner had it), held (owner has another of the
-- kind), taken, set_aside, resting, wrong_unit, exhausted, busy, pool_unknown, pool_closed, not_reserved (no such reservation, or no longer, or not for this
-- owner), other_reserved (it keeps something else than what is wanted).
CREATE FUNCTION ipam_allocate(
    new_id uuid, for_key text, for_owner uuid, for_label text, of_kind smallint, wanted cidr, pool_name text, wanted_length int, at_site uuid,
    as_state smallint, as_origin smallint, actor text, at timestamptz, until timestamptz, dns text, about text, in_space uuid,
    reservation uuid DEFAULT NULL, OUT outcome text, OUT allocation_id uuid, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := current_tenant();
    live record;
    pool record;
    place bigint;
    low bigint := 0;
    swept boolean := false;
    overlap cidr;
    target cidr := wanted;
    home uuid := coalesce(in_space, current_tenant());
    look boolean := wanted IS NOT NULL OR reservation IS NOT NULL;
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
                ELSIF live.origin = 2 AND as_origin <> 2 AND (wanted IS NULL OR wanted = live.network)
                    AND (reservation IS NULL OR reservation = live.id)
                THEN
                    -- What was kept for this owner is his now.
                    CONTINUE WHEN NOT ipam_use_reservation(live.id, for_key, for_owner, for_label, as_state, as_origin, actor, at);
                    SELECT 'known', live.id INTO outcome, allocation_id;
                ELSE
                    SELECT 'held', live.id, live.network::text INTO outcome, allocation_id, detail;
                END IF;
                RETURN;
            END IF;
        END IF;

        IF reservation IS NOT NULL THEN
            -- Who else wants it waits here, and then sees what became of it.
            SELECT a.id, a.network INTO live FROM ipam_allocations a
            WHERE a.tenant_id = tenant AND a.id = reservation AND a.kind = of_kind AND a.origin = 2 AND a.ended_at IS NULL
                AND (a.expires_at IS NULL OR a.expires_at > at) AND (a.owner_id IS NULL OR a.owner_id = for_owner)
            FOR UPDATE;
            IF NOT FOUND THEN
                outcome := 'not_reserved';
                RETURN;
            ELSIF wanted <> live.network THEN
                SELECT 'other_reserved', live.network::text INTO outcome, detail;
                RETURN;
            END IF;
            CONTINUE WHEN NOT ipam_use_reservation(live.id, for_key, for_owner, for_label, as_state, as_origin, actor, at);
            SELECT 'known', live.id INTO outcome, allocation_id;
            RETURN;
        END IF;

        IF wanted IS NULL THEN
            SELECT p.id, p.unit, p.status, coalesce(p.vrf_id, p.tenant_id) AS space INTO pool FROM ipam_pools p
            WHERE p.tenant_id = tenant
                AND CASE of_kind WHEN 0 THEN p.kind IN (0, 1) WHEN 1 THEN p.kind = 2 ELSE p.kind = 3 END
                AND CASE WHEN pool_name IS NOT NULL THEN lower(p.name) = lower(pool_name)
                    ELSE p.is_default AND p.status = 1 AND (p.site_id IS NULL OR p.site_id = at_site) END
                -- Of link prefixes and single addresses, the one the line can use; a pool that is named is taken at its word.
                AND (wanted_length IS NULL OR p.unit = wanted_length OR of_kind = 0 OR of_kind = 1 AND pool_name IS NOT NULL)
            ORDER BY p.site_id NULLS LAST, p.name LIMIT 1;
            IF NOT FOUND THEN
                outcome := 'pool_unknown';
                RETURN;
            ELSIF pool.status <> 1 THEN
                outcome := 'pool_closed';
                RETURN;
            END IF;

            place := ipam_take(pool.id, at, low);
            IF place IS NULL OR place < 0 THEN
                IF place IS NULL AND low > 0 AND NOT swept THEN
                    -- Others may have given back what lies below.
                    low := 0;
                    swept := true;
                    CONTINUE;
                END IF;
                IF NOT look THEN
                    look := true;
                    CONTINUE;
                END IF;
                outcome := CASE WHEN place IS NULL THEN 'exhausted' ELSE 'busy' END;
                RETURN;
            END IF;

            target := ipam_place(pool.id, pool.unit, place);
            home := pool.space;
            -- A line may have been given it by hand, or what it lies in, without the plan's being told: it is passed over, and looked at again later.
            overlap := ipam_line_overlap(target, for_owner);
            IF overlap IS NOT NULL THEN
                low := ipam_pass_over(pool.id, pool.unit, place, overlap, at) + 1;
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

-- Takes back what a key took. What had been kept for somebody until a time that has not come, and was never in use, is kept for him again.
CREATE FUNCTION ipam_undo(which uuid, at timestamptz, actor text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ipam_allocations a SET key = a.reserved ->> 'key', owner_id = (a.reserved ->> 'owner_id')::uuid, label = a.reserved ->> 'label', state = 0,
        origin = 2, expires_at = (a.reserved ->> 'expires_at')::timestamptz, allocated_at = (a.reserved ->> 'allocated_at')::timestamptz,
        created_by = a.reserved ->> 'created_by', reserved = NULL
    WHERE a.tenant_id = current_tenant() AND a.id = which AND a.ended_at IS NULL AND a.activated_at IS NULL
        AND (a.reserved ->> 'expires_at')::timestamptz > at;
    RETURN FOUND OR ipam_release(which, at, actor);
END $$;
