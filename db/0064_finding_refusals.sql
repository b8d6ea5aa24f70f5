-- A repair that was asked for and not begun: why, when and by whom it was asked, for everybody to see. Of the latest asking; a repair that begins, and a
-- finding that comes back, have none.
ALTER TABLE reconciliation_findings
    ADD COLUMN refused_at   timestamptz,
    ADD COLUMN refused_by   text,
    ADD COLUMN refused_code text,
    ADD COLUMN refused_why  text;
