import type { ApiKey } from '../../api/types';
import { t } from '../../messages';
import type { Column } from '../../shared/list/columns';
import { Time } from '../../shared/time';

export const keyColumns: Column<ApiKey>[] = [
  { key: 'name', label: t('keys.col.name'), value: (row) => row.name },
  {
    key: 'prefix',
    label: t('keys.col.prefix'),
    value: (row) => row.prefix,
    render: (row) => <span className="mono">{row.prefix}…</span>,
  },
  { key: 'permissions', label: t('keys.col.permissions'), from: 'sm', value: (row) => row.permissions.join(', ') },
  {
    key: 'expires',
    label: t('keys.col.expires'),
    value: (row) => row.expires_at,
    render: (row) => <Time at={row.expires_at} />,
  },
  {
    key: 'used',
    label: t('keys.col.used'),
    from: 'sm',
    value: (row) => row.last_used_at,
    render: (row) => <Time at={row.last_used_at} show="age" />,
  },
  {
    key: 'created',
    label: t('keys.col.created'),
    from: 'lg',
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
];
