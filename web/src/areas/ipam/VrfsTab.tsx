import { Button, Group, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { vrfFields } from './fields';
import { records, type Vrf, vrfsQuery } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';

const route = getRouteApi('/app/ipam');

export function VrfsTab() {
  const { q, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const list = useQuery(vrfsQuery({ q, cursor, limit: 50 }));
  const [one, setOne] = useState<Vrf | true>();
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOne(true)}>
      {t('ipam.addVrf')}
    </Button>
  );
  return (
    <Stack>
      <Group justify="space-between">
        <SearchBox
          label={t('ipam.search')}
          placeholder={t('ipam.search')}
          value={q}
          onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
        />
        {add}
      </Group>
      <DataList
        name={t('ipam.tab.vrfs')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('ipam.vrfs.empty')} action={add}>
            {t('ipam.vrfs.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions name={row.name} onEdit={() => setOne(row)} remove={() => records.vrf.remove(row)} />
              )
            : undefined
        }
      />
      {one && (
        <RecordEditor
          title={one === true ? t('ipam.addVrf') : t('ipam.edit', { name: one.name })}
          fields={vrfFields()}
          of={one === true ? undefined : one}
          save={(body) => (one === true ? records.vrf.create(body) : records.vrf.patch(one, body))}
          saved={t('ipam.saved')}
          onClose={() => setOne(undefined)}
        />
      )}
    </Stack>
  );
}

const columns: Column<Vrf>[] = [
  { key: 'name', label: t('ipam.name'), value: (row) => row.name },
  {
    key: 'rd',
    label: t('ipam.rd'),
    from: 'sm',
    value: (row) => row.rd,
    render: (row) => <span className="mono">{row.rd}</span>,
  },
  { key: 'prefixes', label: t('ipam.prefixCount'), align: 'right', value: (row) => row.prefix_count },
  { key: 'pools', label: t('ipam.poolCount'), align: 'right', from: 'sm', value: (row) => row.pool_count },
  { key: 'held', label: t('ipam.addressCount'), align: 'right', value: (row) => row.address_count },
  { key: 'description', label: t('ipam.description'), from: 'md', value: (row) => row.description },
];
