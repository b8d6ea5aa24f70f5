import { compact, type RawSearch, text } from '../../shared/search';

const day = (value: unknown) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined);

/** `from` and `to` are days in the tenant's zone, both included. */
export const auditSearch = (raw: RawSearch) =>
  compact({
    q: text(raw.q),
    actor: text(raw.actor),
    action: text(raw.action),
    entity: text(raw.entity),
    entity_id: text(raw.entity_id),
    from: day(raw.from),
    to: day(raw.to),
    cursor: text(raw.cursor),
  });
export type AuditSearch = ReturnType<typeof auditSearch>;
