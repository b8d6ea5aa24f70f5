-- Workers too slow for a run are told from workers lost with it. Of the leases counted in `claims`, those that ran out are kept here until their
-- worker is heard of again: so a word that comes late, when something came of a step since, finds nothing to change. NULL in a run without trouble.
ALTER TABLE saga_runs ADD COLUMN missing uuid[];
GRANT SELECT (missing), UPDATE (missing) ON saga_runs TO dotmac_platform;

-- As in 0057, and notes the lease that it takes the place of: what was let go has none.
CREATE OR REPLACE FUNCTION saga_claim(known text[], lease interval, worker text, most int, suspects int, suspected boolean)
RETURNS TABLE (tenant_id uuid, id uuid, definition text, version int, lease_token uuid)
LANGUAGE plpgsql SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY UPDATE saga_runs r SET lease_token = gen_random_uuid(), leased_until = clock_timestamp() + lease, leased_by = worker,
        claims = r.claims + 1, unknown_since = NULL,
        missing = CASE WHEN r.lease_token IS NULL THEN r.missing ELSE array_append(r.missing, r.lease_token) END
    FROM (
        SELECT q.tenant_id, q.id FROM saga_runs q
        WHERE q.status IN (0, 1, 4) AND q.due_at <= now() AND (q.leased_until IS NULL OR q.leased_until < now())
            AND (q.claims >= suspects) = suspected AND q.definition || '/' || q.version = ANY (known)
        ORDER BY q.priority, q.due_at LIMIT most FOR UPDATE SKIP LOCKED
    ) c
    WHERE r.tenant_id = c.tenant_id AND r.id = c.id
    RETURNING r.tenant_id, r.id, r.definition, r.version, r.lease_token;
END $$;
