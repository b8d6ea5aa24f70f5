-- One allocation in a transaction of its own, for pgbench: see docs/performance.md. :tenant is a tenant with a default IPv4 pool.
BEGIN;
SELECT set_config('app.tenant_id', :tenant, true);
SELECT * FROM ipam_allocate(gen_random_uuid(), gen_random_uuid()::text, gen_random_uuid(), 'bench', 0::smallint, NULL, NULL, NULL, NULL,
    1::smallint, 0::smallint, 'bench', now(), NULL, NULL, NULL, NULL);
COMMIT;
