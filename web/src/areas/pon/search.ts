import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

export const tabs = ['onus', 'discovered', 'olts', 'alarms'] as const;
export const admins = ['discovered', 'enabled', 'disabled'] as const;
export const opers = ['unknown', 'activating', 'online', 'loss_of_signal', 'dying_gasp', 'offline'] as const;
export const severities = ['critical', 'major', 'minor', 'warning', 'indeterminate'] as const;
export const spans = ['day', 'week', 'month'] as const;

export const ponSearch = (raw: RawSearch) =>
  compact({
    tab: oneOf(tabs, raw.tab),
    q: text(raw.q),
    admin: oneOf(admins, raw.admin),
    oper: oneOf(opers, raw.oper),
    all: flag(raw.all) || undefined,
    severity: oneOf(severities, raw.severity),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
    provision: text(raw.provision),
  });

const port = (value: unknown) => (/^\d{1,3}$/.test(String(value)) ? Number(value) : undefined);

/** The ONUs of one OLT. */
export const oltSearch = (raw: RawSearch) =>
  compact({
    port: port(raw.port),
    oper: oneOf(opers, raw.oper),
    q: text(raw.q),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
  });

export const onuSearch = (raw: RawSearch) => compact({ span: oneOf(spans, raw.span) });
