import type { PlatformTenant } from '../../api/types';
import { lookup, t } from '../../messages';
import type { Column } from '../../shared/list/columns';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';

export const tenantColumns: Column<PlatformTenant>[] = [
  { key: 'name', label: t('tenants.col.name'), value: (row) => row.name },
  {
    key: 'slug',
    label: t('tenants.col.slug'),
    value: (row) => row.slug,
    render: (row) => <span className="mono">{row.slug}</span>,
  },
  {
    key: 'status',
    label: t('tenants.col.status'),
    value: (row) => row.status,
    render: ({ status }) => (
      <State tone={status === 'suspended' ? 'warn' : status === 'cancelled' ? 'bad' : 'idle'}>
        {lookup(`tenant.status.${status}`) ?? status}
      </State>
    ),
  },
  {
    key: 'created',
    label: t('tenants.col.created'),
    from: 'sm',
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
];
