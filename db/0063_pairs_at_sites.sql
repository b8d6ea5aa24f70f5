-- A pair of VLANs is kept at the site where its line stands: one that the plan keeps at another site is not known to the pools of this one.
CREATE OR REPLACE FUNCTION ipam_vlan_on_other_line(at_site uuid, service int, customer int, line uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := current_tenant();
    one record;
BEGIN
    FOR one IN
        SELECT s.id FROM subscribers s
        WHERE s.tenant_id = tenant AND s.vlan_id = service AND customer IS NOT NULL AND s.inner_vlan = customer AND s.deleted_at IS NULL
            AND s.status <> 4
        UNION ALL
        SELECT s.id FROM subscribers s
        WHERE s.tenant_id = tenant AND s.vlan_id = service AND customer IS NULL AND s.deleted_at IS NULL AND s.status <> 4
            AND (s.inner_vlan IS NULL OR EXISTS (SELECT 1 FROM subscriber_network_profiles p WHERE p.tenant_id = tenant AND p.subscriber_id = s.id
                AND p.deleted_at IS NULL AND NOT p.qinq_enabled))
    LOOP
        -- Known here, or at the site where the line stands; one without a site stands where the plan keeps its pair.
        CONTINUE WHEN one.id = line OR EXISTS (SELECT 1 FROM ipam_vlan_allocations a WHERE a.owner_id = one.id AND a.tenant_id = tenant
            AND a.ended_at IS NULL AND a.service_vlan = service AND a.inner_vlan IS NOT DISTINCT FROM customer
            AND (a.scope = coalesce(at_site, tenant) OR a.scope <> tenant AND NOT EXISTS (SELECT 1 FROM subscriber_network_profiles p
                WHERE p.tenant_id = tenant AND p.subscriber_id = one.id AND p.deleted_at IS NULL AND p.site_id <> a.scope)));
        IF at_site IS NULL OR NOT EXISTS (SELECT 1 FROM subscriber_network_profiles p
            WHERE p.tenant_id = tenant AND p.subscriber_id = one.id AND p.deleted_at IS NULL AND p.site_id <> at_site)
        THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$;

DROP FUNCTION ipam_reserve_vlan(uuid, text, uuid, text, text, boolean, int, int, uuid, text, timestamptz);
DROP FUNCTION ipam_had_vlan(uuid, int, int, uuid);

-- Whether the pair is on the line of these owners, or one of them was the last to have it, or another change of the same line (which has its number).
CREATE FUNCTION ipam_had_vlan(in_scope uuid, service int, customer int, owners uuid[], for_label text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := current_tenant();
BEGIN
    RETURN EXISTS (SELECT 1 FROM subscribers s WHERE s.tenant_id = tenant AND s.id = ANY (owners) AND s.vlan_id = service AND s.inner_vlan = customer
            AND s.deleted_at IS NULL)
        OR EXISTS (SELECT 1 FROM (SELECT a.owner_id, a.label FROM ipam_vlan_allocations a
                WHERE a.tenant_id = tenant AND a.service_vlan = service AND a.inner_vlan = customer AND a.scope = in_scope AND a.ended_at IS NOT NULL
                ORDER BY a.ended_at DESC LIMIT 1) AS latest
            WHERE latest.owner_id = ANY (owners) OR for_label <> '' AND latest.label = for_label);
END $$;

-- A VLAN, or a pair of them, for one owner; `own` are others that hold things for the same line. Outcomes as of ipam_allocate, with the detail when a pair rests until. Place = service VLAN * 4096 + inner VLAN (or number of the line).
CREATE FUNCTION ipam_reserve_vlan(
    new_id uuid, for_key text, for_owner uuid, for_label text, pool_name text, qinq boolean, wanted_service int, wanted_inner int, at_site uuid,
    actor text, at timestamptz, own uuid[] DEFAULT NULL, OUT outcome text, OUT allocation_id uuid, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := current_tenant();
    live record;
    pool record;
    place bigint;
    low bigint := 0;
    high bigint := 9223372036854775807;
    service int := wanted_service;
    customer int := wanted_inner;
    home uuid := coalesce(at_site, current_tenant());
BEGIN
    LOOP
        SELECT a.id, a.key, a.service_vlan, a.inner_vlan INTO live FROM ipam_vlan_allocations a
        WHERE a.tenant_id = tenant AND a.key = for_key AND a.ended_at IS NULL;
        IF NOT FOUND THEN
            SELECT a.id, a.key, a.service_vlan, a.inner_vlan INTO live FROM ipam_vlan_allocations a
            WHERE a.tenant_id = tenant AND a.owner_id = for_owner AND a.ended_at IS NULL;
        END IF;
        IF live.id IS NOT NULL THEN
            outcome := CASE WHEN live.key = for_key THEN 'known' ELSE 'held' END;
            allocation_id := live.id;
            detail := live.service_vlan || coalesce('.' || live.inner_vlan, '');
            RETURN;
        END IF;

        place := NULL;
        SELECT p.id, p.status, p.is_qinq, p.scope, p.site_id, p.lines_per_vlan INTO pool FROM ipam_vlan_pools p
        WHERE p.tenant_id = tenant AND CASE
            WHEN pool_name IS NOT NULL THEN lower(p.name) = lower(pool_name)
            WHEN wanted_service IS NULL THEN p.is_default AND p.status = 1 AND p.is_qinq = qinq AND (p.site_id IS NULL OR p.site_id = at_site)
            -- Only told, but out of a pool's numbers: the pool must know.
            ELSE p.is_qinq = qinq AND wanted_service BETWEEN p.service_first AND p.service_last AND (p.site_id IS NULL OR p.site_id = at_site)
                AND (NOT qinq OR wanted_inner IS NULL OR wanted_inner BETWEEN p.inner_first AND p.inner_last) END
        ORDER BY p.site_id NULLS LAST, p.name LIMIT 1;
        IF FOUND THEN
            home := pool.scope;
            IF pool.is_qinq <> qinq THEN
                outcome := 'wrong_unit';
                RETURN;
            ELSIF pool.status <> 1 AND wanted_service IS NULL THEN
                outcome := 'pool_closed';
                RETURN;
            END IF;

            IF wanted_service IS NOT NULL THEN
                low := wanted_service * 4096::bigint;
                high := low + 4095;
            END IF;

            IF qinq AND wanted_service IS NOT NULL AND wanted_inner IS NOT NULL THEN
                place := low + wanted_inner;
                IF NOT EXISTS (SELECT 1 FROM ipam_ranges r WHERE r.tenant_id = tenant AND r.pool_id = pool.id AND place BETWEEN r.first AND r.first + r.size - 1)
                THEN
                    outcome := 'taken';
                    RETURN;
                ELSIF NOT ipam_claim(pool.id, place, at, ipam_had_vlan(pool.scope, wanted_service, wanted_inner, own || for_owner, for_label)) THEN
                    SELECT CASE s.state WHEN 2 THEN 'resting' ELSE 'taken' END, s.free_at::text INTO outcome, detail FROM ipam_slots s
                    WHERE s.tenant_id = tenant AND s.pool_id = pool.id AND s.ordinal = place;
                    RETURN;
                END IF;
            ELSE
                place := ipam_take(pool.id, at, low, high);
                IF place IS NULL OR place < 0 THEN
                    outcome := CASE WHEN place IS NULL THEN 'exhausted' ELSE 'busy' END;
                    RETURN;
                END IF;
                -- A line may have been given it by hand, without the plan's being told: it is passed over, and looked at again later.
                IF (qinq OR pool.lines_per_vlan = 1)
                    AND ipam_vlan_on_other_line(pool.site_id, (place / 4096)::int, CASE WHEN qinq THEN (place % 4096)::int END, for_owner)
                THEN
                    UPDATE ipam_slots s SET state = 2, free_at = at + interval '1 hour', note = 'on a line that the plan was not told of'
                    WHERE s.tenant_id = tenant AND s.pool_id = pool.id AND s.ordinal = place;
                    CONTINUE;
                END IF;
            END IF;
            service := place / 4096;
            customer := CASE WHEN qinq THEN place % 4096 END;
        ELSIF pool_name IS NOT NULL OR wanted_service IS NULL OR qinq AND wanted_inner IS NULL THEN
            outcome := 'pool_unknown';
            RETURN;
        ELSIF NOT qinq THEN
            customer := NULL;
        END IF;

        INSERT INTO ipam_vlan_allocations (tenant_id, id, scope, service_vlan, inner_vlan, pool_id, ordinal, owner_id, label, key, allocated_at, created_by)
        VALUES (tenant, new_id, home, service, customer, CASE WHEN place IS NOT NULL THEN pool.id END, place, for_owner, for_label, for_key, at, actor)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            SELECT 'ok', new_id INTO outcome, allocation_id;
            RETURN;
        END IF;

        IF place IS NOT NULL THEN
            PERFORM ipam_give_back(pool.id, place, NULL);
        END IF;
        IF NOT EXISTS (SELECT 1 FROM ipam_vlan_allocations a WHERE a.tenant_id = tenant AND a.key = for_key AND a.ended_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM ipam_vlan_allocations a WHERE a.tenant_id = tenant AND a.owner_id = for_owner AND a.ended_at IS NULL)
        THEN
            IF wanted_service IS NOT NULL AND (wanted_inner IS NOT NULL OR NOT qinq) THEN
                outcome := 'taken';
                RETURN;
            END IF;
            UPDATE ipam_slots s SET state = 3, note = 'in use outside the pool'
            WHERE s.tenant_id = tenant AND s.pool_id = pool.id AND s.ordinal = place
                AND EXISTS (SELECT 1 FROM ipam_vlan_allocations o WHERE o.scope = home AND o.service_vlan = service AND o.inner_vlan = customer
                    AND o.ended_at IS NULL);
        END IF;
    END LOOP;
END $$;

-- Which range of a VRF an address lies in, by operators that row security lets the planner use.
CREATE INDEX ipam_ranges_start ON ipam_ranges (space, start);
