-- Lists that can be sorted: what their sort is read from, in its order. Those of the allocators do not begin with the tenant (0034 says why).
CREATE INDEX ipam_allocations_allocated ON ipam_allocations (allocated_at, id, tenant_id);
CREATE INDEX ipam_vlan_allocations_allocated ON ipam_vlan_allocations (allocated_at, id, tenant_id);
CREATE INDEX service_instances_identifier ON service_instances (tenant_id, service_identifier, id);
