-- Open sessions are looked up by whose they are: a NAS may spell the username in any case, and row security would keep an index on
-- lower(username) from being used. Sessions of no known subscriber stand under null.
DROP INDEX radacct_open_user;
CREATE INDEX radacct_open_subscriber ON radacct (tenant_id, subscriber_id) WHERE acctstoptime IS NULL;

-- Events that were given up, for the home page.
CREATE INDEX outbox_dead ON outbox (tenant_id) WHERE dead_at IS NOT NULL;
