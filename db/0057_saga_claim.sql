-- Takes due runs for a worker: whoever somebody waits for before bulk, within that first due first. Read in the order of the index saga_runs_due, and
-- no further than is taken: the planner knows so little of a queue, which is empty or full, that it would fetch and sort all that waits for each one.
CREATE FUNCTION saga_claim(known text[], lease interval, worker text, most int, suspects int, suspected boolean)
RETURNS TABLE (tenant_id uuid, id uuid, definition text, version int, lease_token uuid)
LANGUAGE plpgsql SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY UPDATE saga_runs r SET lease_token = gen_random_uuid(), leased_until = clock_timestamp() + lease, leased_by = worker,
        claims = r.claims + 1, unknown_since = NULL
    FROM (
        SELECT q.tenant_id, q.id FROM saga_runs q
        WHERE q.status IN (0, 1, 4) AND q.due_at <= now() AND (q.leased_until IS NULL OR q.leased_until < now())
            AND (q.claims >= suspects) = suspected AND q.definition || '/' || q.version = ANY (known)
        ORDER BY q.priority, q.due_at LIMIT most FOR UPDATE SKIP LOCKED
    ) c
    WHERE r.tenant_id = c.tenant_id AND r.id = c.id
    RETURNING r.tenant_id, r.id, r.definition, r.version, r.lease_token;
END $$;
