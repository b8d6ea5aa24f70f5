import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

export const tabs = ['onus', 'discovered', 'olts', 'alarms'] as const;
export const admins = ['discovered', 'enabled', 'disabled'] as const;
export const spans = ['day', 'week', 'month'] as const;

export const ponSearch = (raw: RawSearch) =>
  compact({
    tab: oneOf(tabs, raw.tab),
    q: text(raw.q),
    admin: oneOf(admins, raw.admin),
    all: flag(raw.all) || undefined,
    cursor: text(raw.cursor),
    provision: text(raw.provision),
  });

export const onuSearch = (raw: RawSearch) => compact({ span: oneOf(spans, raw.span) });
