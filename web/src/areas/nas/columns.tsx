import type { Nas } from '../../api/types';
import { lookup, t } from '../../messages';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { Enabled } from '../../shared/State';
import { Time } from '../../shared/time';

export const vendorName = (vendor: string) => lookup(`vendor.${vendor}`) ?? vendor;

export const nasColumns: Column<Nas>[] = [
  {
    key: 'shortname',
    label: t('nas.col.shortname'),
    value: (row) => row.shortname,
    render: (row) => (
      <TextLink to="/nas/$id" params={{ id: row.id }} fw={550} size="sm">
        {row.shortname}
      </TextLink>
    ),
  },
  {
    key: 'nasname',
    label: t('nas.col.nasname'),
    value: (row) => row.nasname,
    render: (row) => <span className="mono">{row.nasname}</span>,
  },
  { key: 'vendor', label: t('nas.col.vendor'), from: 'sm', value: (row) => vendorName(row.vendor) },
  {
    key: 'sessions',
    label: t('nas.col.sessions'),
    align: 'right',
    value: (row) => row.online_sessions,
    render: (row) => count(row.online_sessions),
  },
  {
    key: 'seen',
    label: t('nas.col.seen'),
    value: (row) => row.last_seen_at,
    render: (row) => <Time at={row.last_seen_at} show="age" />,
  },
  {
    key: 'state',
    label: t('nas.col.state'),
    from: 'sm',
    value: (row) => row.enabled,
    render: (row) => <Enabled enabled={row.enabled ?? true} />,
  },
  { key: 'group', label: t('nas.field.nas_group'), optional: true, value: (row) => row.nas_group },
  { key: 'coa', label: t('nas.col.coa'), optional: true, value: (row) => row.coa_port },
  { key: 'policy', label: t('nas.col.policy'), optional: true, value: (row) => row.message_authenticator_policy },
  {
    key: 'created',
    label: t('nas.col.created'),
    optional: true,
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
];
