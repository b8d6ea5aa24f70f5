-- The list of subscribers sorted by name, page by page.
CREATE INDEX subscribers_full_name ON subscribers (tenant_id, coalesce(full_name, ''), id) WHERE deleted_at IS NULL;
