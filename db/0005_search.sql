-- What a subscriber is found by, in lower case: username, number, full name, IPv4 address. One LIKE over one column instead of four;
-- row security keeps a trigram index from being used (LIKE is not leakproof), a scan of one tenant's rows is what is left.
ALTER TABLE subscribers ADD COLUMN search text NOT NULL GENERATED ALWAYS AS (
    lower(username || ' ' || subscriber_number || ' ' || coalesce(full_name, '') || ' ' || coalesce(host(framed_ipv4_address), ''))
) STORED;
