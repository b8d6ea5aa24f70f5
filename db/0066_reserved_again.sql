-- Takes back what a key took. What had been kept for somebody until a time that has not come, and was never in use nor on its way out of it (state 1,
-- allocated), is kept for him again; unless he has come to hold another of the kind, for an owner holds one.
CREATE OR REPLACE FUNCTION ipam_undo(which uuid, at timestamptz, actor text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        UPDATE ipam_allocations a SET key = a.reserved ->> 'key', owner_id = (a.reserved ->> 'owner_id')::uuid, label = a.reserved ->> 'label',
            state = 0, origin = 2, expires_at = (a.reserved ->> 'expires_at')::timestamptz,
            allocated_at = (a.reserved ->> 'allocated_at')::timestamptz, created_by = a.reserved ->> 'created_by', reserved = NULL
        WHERE a.tenant_id = current_tenant() AND a.id = which AND a.ended_at IS NULL AND a.activated_at IS NULL AND a.state = 1
            AND (a.reserved ->> 'expires_at')::timestamptz > at;
        IF FOUND THEN
            RETURN true;
        END IF;
    EXCEPTION WHEN unique_violation THEN
        NULL; -- It is given back like any other.
    END;
    RETURN ipam_release(which, at, actor);
END $$;
