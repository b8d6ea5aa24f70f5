import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

export const statuses = ['pending', 'active', 'suspended', 'disconnected', 'quarantined', 'terminated'] as const;

export const defaultSort = '-created_at';

export function subscribersSearch(raw: RawSearch) {
  return compact({
    q: text(raw.q),
    enabled: flag(raw.enabled),
    online: flag(raw.online),
    profile: text(raw.profile),
    status: oneOf(statuses, raw.status),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
    create: flag(raw.create) || undefined,
  });
}
export type SubscribersSearch = ReturnType<typeof subscribersSearch>;

/** `order` is the run that is being ordered for the line. */
export function subscriberSearch(raw: RawSearch) {
  return compact({
    usage: oneOf(['day'], raw.usage),
    edit: flag(raw.edit) || undefined,
    order: oneOf(['network', 'deprovision'], raw.order),
  });
}
