import type { Profile } from '../../api/types';
import { t } from '../../messages';
import { count, kbps } from '../../shared/format';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { Time } from '../../shared/time';
import { mikrotikRateLimit } from './rateLimit';

export const profileColumns: Column<Profile>[] = [
  {
    key: 'name',
    label: t('profiles.col.name'),
    value: (row) => row.name,
    render: (row) => (
      <TextLink to="/profiles/$id" params={{ id: row.id }} fw={550} size="sm">
        {row.name}
      </TextLink>
    ),
  },
  {
    key: 'down',
    label: t('profiles.col.down'),
    align: 'right',
    value: (row) => row.download_rate_kbps,
    render: (row) => kbps(row.download_rate_kbps),
  },
  {
    key: 'up',
    label: t('profiles.col.up'),
    align: 'right',
    value: (row) => row.upload_rate_kbps,
    render: (row) => kbps(row.upload_rate_kbps),
  },
  {
    key: 'rateLimit',
    label: t('profiles.col.rateLimit'),
    from: 'md',
    value: mikrotikRateLimit,
    render: (row) => <span className="mono">{mikrotikRateLimit(row)}</span>,
  },
  {
    key: 'subscribers',
    label: t('profiles.col.subscribers'),
    align: 'right',
    value: (row) => row.subscriber_count,
    render: (row) => (
      <TextLink to="/subscribers" search={{ profile: row.id }} size="sm">
        {count(row.subscriber_count)}
      </TextLink>
    ),
  },
  { key: 'vendor', label: t('profiles.col.vendor'), optional: true, value: (row) => row.vendor_profile_name },
  { key: 'priority', label: t('profiles.col.priority'), optional: true, value: (row) => row.priority },
  {
    key: 'updated',
    label: t('profiles.col.updated'),
    from: 'lg',
    value: (row) => row.updated_at,
    render: (row) => <Time at={row.updated_at} />,
  },
];
