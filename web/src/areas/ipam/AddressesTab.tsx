import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconBookmark, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Choice } from '../../shared/list/Choice';
import { useColumnChoice } from '../../shared/list/columns';
import { ListTools } from '../../shared/list/ListTools';
import { useSorting } from '../../shared/list/useSorting';
import { useCan } from '../../shared/me';
import { AddressList, addressColumns } from './AddressList';
import { type Address, addressesPage, addressesQuery, usePoolOptions } from './queries';
import { SearchBar } from './SearchBar';
import { TakeDialog, Taken } from './TakeDialog';

const route = getRouteApi('/app/ipam');

export function AddressesTab() {
  const { q, cursor, kind, ended, pool, sort } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const [taking, setTaking] = useState<'allocate' | 'reserve'>();
  const [taken, setTaken] = useState<Address>();
  const pools = usePoolOptions();
  const sorting = useSorting(addressColumns, 'address');
  const filter = { q, kind, ended, pool_id: pool, sort: sorting.sort };
  const list = useQuery(addressesQuery({ ...filter, cursor, limit: 50 }));
  const choice = useColumnChoice('addresses', addressColumns);
  const allocate = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setTaking('allocate')}>
      {t('ipam.allocate')}
    </Button>
  );
  return (
    <Stack>
      <SearchBar
        filters={
          <>
            <Choice
              label={t('ipam.kind')}
              value={kind}
              options={(['ipv4', 'ipv6', 'delegated_prefix'] as const).map((value) => ({
                value,
                label: t(`ipam.kind.${value}`),
              }))}
              onChange={(next) =>
                navigate({ search: (now) => ({ ...now, kind: next as typeof kind, cursor: undefined }) })
              }
            />
            <Choice
              label={t('ipam.pool')}
              value={pool}
              options={pools}
              onChange={(next) => navigate({ search: (now) => ({ ...now, pool: next, cursor: undefined }) })}
            />
            <Checkbox
              label={t('ipam.showEnded')}
              checked={ended ?? false}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                navigate({ search: (now) => ({ ...now, ended: checked || undefined, cursor: undefined }) });
              }}
            />
          </>
        }
        actions={
          mayWrite && (
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconBookmark size={16} aria-hidden />}
                onClick={() => setTaking('reserve')}
              >
                {t('ipam.reserve')}
              </Button>
              {allocate}
            </Group>
          )
        }
      />
      <Group justify="flex-end">
        <ListTools
          list="addresses"
          columns={addressColumns}
          {...choice}
          search={{ tab: 'addresses', q, kind, ended, pool, sort }}
          onOpen={(view) => navigate({ search: view })}
          page={(next, signal) => addressesPage({ ...filter, cursor: next, limit: 500 }, signal)}
        />
      </Group>
      {taken && <Taken of={taken} onClose={() => setTaken(undefined)} />}
      <AddressList
        columns={choice.visible}
        query={list}
        cursor={cursor}
        sorting={sorting}
        filtered={Boolean(q || kind || ended || pool)}
        action={allocate}
      />
      {taking && (
        <TakeDialog kept={taking === 'reserve'} pool={pool} onTaken={setTaken} onClose={() => setTaking(undefined)} />
      )}
    </Stack>
  );
}
