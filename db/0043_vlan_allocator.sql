-- Handing out VLANs: see docs/decisions/0042-address-allocation.md. It runs in the caller's transaction, as the caller.

-- A VLAN, or a pair of them, for one owner. Outcomes as of ipam_allocate. Place = service VLAN * 4096 + inner VLAN (or number of the line).
CREATE FUNCTION ipam_reserve_vlan(
    new_id uuid, for_key text, for_owner uuid, for_label text, pool_name text, qinq boolean, wanted_service int, wanted_inner int, at_site uuid,
    actor text, at timestamptz, OUT outcome text, OUT allocation_id uuid, OUT detail text)
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
        SELECT p.id, p.status, p.is_qinq, p.scope INTO pool FROM ipam_vlan_pools p
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
                    OR NOT ipam_claim(pool.id, place, at, true) THEN
                    outcome := 'taken';
                    RETURN;
                END IF;
            ELSE
                place := ipam_take(pool.id, at, low, high);
                IF place IS NULL OR place < 0 THEN
                    outcome := CASE WHEN place IS NULL THEN 'exhausted' ELSE 'busy' END;
                    RETURN;
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

CREATE FUNCTION ipam_release_vlan(which uuid, at timestamptz, actor text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    gone record;
BEGIN
    UPDATE ipam_vlan_allocations a SET ended_at = at, ended_by = actor
    WHERE a.tenant_id = current_tenant() AND a.id = which AND a.ended_at IS NULL
    RETURNING a.pool_id, a.ordinal, (SELECT at + make_interval(secs => p.quarantine_seconds) FROM ipam_vlan_pools p
        WHERE p.tenant_id = a.tenant_id AND p.id = a.pool_id AND p.quarantine_seconds > 0) AS rests_until INTO gone;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM ipam_give_back(gone.pool_id, gone.ordinal, gone.rests_until);
    RETURN true;
END $$;
