import { Button, Group, Loader, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { TextLink } from '../../shared/links';
import { useSorting } from '../../shared/list/useSorting';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { AddressList, addressColumns } from './AddressList';
import { CellDialog } from './CellDialog';
import { cellState } from './cells';
import { prefixFields } from './fields';
import { PoolList } from './PoolsTab';
import {
  type Address,
  addressesQuery,
  mapQuery,
  poolsQuery,
  prefixQuery,
  records,
  useSiteOptions,
  useVrfOptions,
} from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';
import { SpaceMap } from './SpaceMap';
import { TakeDialog, Taken } from './TakeDialog';
import { Utilisation } from './Utilisation';

const route = getRouteApi('/app/ipam/prefixes/$id');

/** One prefix: its picture, its pools, who is in it. */
export function PrefixPage() {
  const { id } = route.useParams();
  const { network, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const sorting = useSorting(addressColumns, 'address');
  const prefix = useQuery(prefixQuery(id));
  const map = useQuery(mapQuery(id, network));
  const pools = useQuery(poolsQuery({ prefix_id: id, limit: 100 }));
  const within = network ?? prefix.data?.prefix;
  // The same numbers may be in use once more in another VRF: those are not meant here.
  const space = prefix.data?.vrf_id ? { vrf_id: prefix.data.vrf_id } : { global: true };
  const held = useQuery({
    ...addressesQuery({ within, ...space, sort: sorting.sort, cursor, limit: 50 }),
    enabled: prefix.data !== undefined,
  });
  const vrfs = useVrfOptions();
  const sites = useSiteOptions();
  const [editing, setEditing] = useState(false);
  const [taking, setTaking] = useState<{ address?: string }>();
  const [taken, setTaken] = useState<Address>();
  const [looking, setLooking] = useState<string>();
  if (prefix.error) {
    return <ProblemAlert error={prefix.error} onRetry={() => prefix.refetch()} />;
  }
  if (!prefix.data) {
    return <Loader />;
  }
  const of = prefix.data;
  return (
    <Page
      title={of.prefix}
      lead={<TextLink to="/ipam">{t('ipam.title')}</TextLink>}
      actions={
        mayWrite && (
          <Group gap="xs">
            <Button onClick={() => setTaking({})}>{t('ipam.allocate')}</Button>
            <RecordActions
              name={of.prefix}
              onEdit={() => setEditing(true)}
              remove={async () => {
                await records.prefix.remove(of);
                await navigate({ to: '/ipam' });
              }}
            />
          </Group>
        )
      }
    >
      <Card>
        <Facts
          of={[
            [t('ipam.utilisation'), <Utilisation key="u" percent={of.utilization_percent} of={of.prefix} />],
            [t('ipam.vrf'), of.vrf ?? t('ipam.global')],
            [t('ipam.status'), t(`ipam.prefixStatus.${of.status}`)],
            [t('ipam.site'), of.site],
            [t('ipam.role'), of.role],
            [t('ipam.description'), of.description],
          ]}
        />
      </Card>
      {taken && <Taken of={taken} onClose={() => setTaken(undefined)} />}
      {map.error && <ProblemAlert error={map.error} onRetry={() => map.refetch()} />}
      {map.data && (
        <SpaceMap
          key={map.data.network}
          map={map.data}
          onZoom={(next) => navigate({ search: { network: next } })}
          onOpen={(piece, cell) => {
            if (cell?.address_id) {
              setLooking(cell.address_id);
            } else if (mayWrite && cellState(cell) === 'free') {
              setTaking({ address: piece.replace(/\/(32|128)$/, '') });
            }
          }}
        />
      )}
      {(pools.data?.items.length ?? 0) > 0 && (
        <Stack gap="xs">
          <Title order={2}>{t('ipam.tab.pools')}</Title>
          <PoolList query={pools} />
        </Stack>
      )}
      <AddressList query={held} cursor={cursor} sorting={sorting} filtered={network !== undefined} />
      {editing && (
        <RecordEditor
          title={t('ipam.edit', { name: of.prefix })}
          fields={prefixFields(vrfs, sites)}
          of={of}
          save={(body) => records.prefix.patch(of, body)}
          saved={t('ipam.saved')}
          onClose={() => setEditing(false)}
        />
      )}
      {taking && (
        <TakeDialog prefix={of} address={taking.address} onTaken={setTaken} onClose={() => setTaking(undefined)} />
      )}
      {looking && <CellDialog id={looking} onClose={() => setLooking(undefined)} />}
    </Page>
  );
}
