import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { State } from '../../shared/State';
import { type Olt, oltsQuery } from './queries';
import { Simulated } from './words';

export function OltsTab() {
  const list = useQuery(oltsQuery);
  return (
    <DataList
      name={t('pon.tab.olts')}
      columns={columns}
      query={list}
      empty={<Empty title={t('pon.olt.empty')}>{t('pon.olt.emptyHint')}</Empty>}
    />
  );
}

export const OltStanding = ({ of }: { of: Olt }) => (
  <State tone={of.oper === 'online' ? 'ok' : 'bad'}>{t(`pon.olt.oper.${of.oper}`)}</State>
);

const columns: Column<Olt>[] = [
  {
    key: 'name',
    label: t('pon.olt.name'),
    value: (row) => row.name,
    render: (row) => (
      <Group gap={6} wrap="nowrap">
        <TextLink to="/pon/olts/$id" params={{ id: row.id }} size="sm">
          {row.name}
        </TextLink>
        <Simulated of={row} />
      </Group>
    ),
  },
  { key: 'state', label: t('pon.olt.state'), value: (row) => row.oper, render: (row) => <OltStanding of={row} /> },
  { key: 'model', label: t('pon.olt.model'), from: 'md', value: (row) => `${row.vendor} ${row.model}` },
  { key: 'site', label: t('pon.olt.site'), from: 'md', value: (row) => row.site },
  { key: 'online', label: t('pon.stat.online'), align: 'right', value: (row) => row.online },
  { key: 'down', label: t('pon.stat.los'), from: 'sm', align: 'right', value: (row) => row.down },
  { key: 'discovered', label: t('pon.stat.discovered'), from: 'sm', align: 'right', value: (row) => row.discovered },
  { key: 'alarms', label: t('pon.stat.alarms'), align: 'right', value: (row) => row.open_alarms },
];
