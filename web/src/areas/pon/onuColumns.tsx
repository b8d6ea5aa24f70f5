import { Group } from '@mantine/core';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { Time } from '../../shared/time';
import { Holder } from '../ipam/Holder';
import type { Onu } from './queries';
import { OnuStanding, Received, rates, Simulated, vlan } from './words';

export const onuColumns: Column<Onu>[] = [
  {
    key: 'serial',
    sort: 'serial',
    label: t('pon.onu.serial'),
    value: (row) => row.serial,
    render: (row) => (
      <Group gap={6} wrap="nowrap">
        <TextLink to="/pon/onus/$serial" params={{ serial: row.serial }} size="sm" className="mono">
          {row.serial}
        </TextLink>
        <Simulated of={row} />
      </Group>
    ),
  },
  {
    key: 'state',
    label: t('pon.onu.state'),
    value: (row) => `${row.admin} ${row.oper}`,
    render: (row) => <OnuStanding of={row} />,
  },
  {
    key: 'owner',
    label: t('pon.onu.owner'),
    value: (row) => row.label,
    render: (row) => row.label && <Holder owner={row.owner_id} label={row.label} />,
  },
  { key: 'olt', label: t('pon.onu.olt'), from: 'md', value: (row) => `${row.olt_name} pon-${row.port}` },
  { key: 'vlan', label: t('pon.onu.vlan'), from: 'md', value: vlan },
  { key: 'rates', label: t('pon.onu.rates'), from: 'lg', value: rates },
  {
    key: 'rx',
    sort: 'rx_power_dbm',
    label: t('pon.onu.rx'),
    from: 'sm',
    value: (row) => row.rx_power_dbm,
    render: (row) => <Received dbm={row.rx_power_dbm} />,
  },
  {
    key: 'observed',
    sort: 'observed_at',
    label: t('pon.onu.seen'),
    optional: true,
    value: (row) => row.observed_at,
    render: (row) => <Time at={row.observed_at} never="" />,
  },
];
