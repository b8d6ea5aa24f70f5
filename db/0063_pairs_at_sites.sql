-- A pair of VLANs is kept at the site where its line stands: one that the plan keeps at another site is not known to the pools of this one.
CREATE OR REPLACE FUNCTION ipam_vlan_on_other_line(at_site uuid, service int, customer int, line uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := current_tenant();
    one record;
BEGIN
    FOR one IN
        SELECT s.id FROM subscribers s
        WHERE s.tenant_id = tenant AND s.vlan_id = service AND customer IS NOT NULL AND s.inner_vlan = customer AND s.deleted_at IS NULL
        UNION ALL
        SELECT s.id FROM subscribers s
        WHERE s.tenant_id = tenant AND s.vlan_id = service AND customer IS NULL AND s.deleted_at IS NULL
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

-- Which range of a VRF an address lies in, by operators that row security lets the planner use.
CREATE INDEX ipam_ranges_start ON ipam_ranges (space, start);
