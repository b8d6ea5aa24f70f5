-- Each attempt at a step that failed, oldest first, the last twenty: what a later success would hide. Objects of at, move, code, message, duration_ms.
ALTER TABLE saga_steps ADD COLUMN failed_attempts jsonb;
