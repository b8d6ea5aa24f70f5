import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { t, tn } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { ProvisionDialog } from './ProvisionDialog';
import { type Discovered, discoveredQuery, setAutomatic, settingsQuery, writing } from './queries';
import { dbm, Simulated } from './words';

const route = getRouteApi('/app/pon');

/** What is lit and belongs to nobody; one click gives it to somebody. */
export function DiscoveredTab() {
  const { provision } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan(writing);
  const queries = useQueryClient();
  const list = useQuery(discoveredQuery);
  const settings = useQuery(settingsQuery);
  const [asked, setAsked] = useState<boolean>();
  const open = (serial?: string) => navigate({ search: (now) => ({ ...now, provision: serial }) });
  if (list.isError && asProblem(list.error).code === 'pon.not_configured') {
    return <Empty title={t('pon.none')}>{t('pon.noneHint')}</Empty>;
  }
  return (
    <Stack>
      {mayWrite && settings.data && (
        <Checkbox
          label={t('pon.discovered.auto')}
          checked={settings.data.auto_provision}
          onChange={(event) => setAsked(event.currentTarget.checked)}
        />
      )}
      <DataList
        name={t('pon.tab.discovered')}
        columns={columns}
        query={list}
        rowId={(row) => row.serial}
        empty={<Empty title={t('pon.discovered.empty')}>{t('pon.discovered.emptyHint')}</Empty>}
        rowActions={
          mayWrite
            ? (row) => (
                <Button size="compact-sm" variant="default" onClick={() => open(row.serial)}>
                  {t('pon.discovered.provision')}
                </Button>
              )
            : undefined
        }
      />
      {settings.isError && <ProblemAlert error={settings.error} onRetry={() => settings.refetch()} />}
      <ConfirmDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={t(asked ? 'pon.auto.onTitle' : 'pon.auto.offTitle')}
        confirm={t(asked ? 'jobs.enable' : 'jobs.disable')}
        run={async () => queries.setQueryData(settingsQuery.queryKey, await setAutomatic(asked === true))}
      >
        {asked ? `${t('pon.auto.onText')} ${tn('pon.auto.now', list.data?.items.length ?? 0)}` : t('pon.auto.offText')}
      </ConfirmDialog>
      {provision && mayWrite && <ProvisionDialog serial={provision} onClose={() => open()} />}
    </Stack>
  );
}

const columns: Column<Discovered>[] = [
  {
    key: 'serial',
    label: t('pon.onu.serial'),
    value: (row) => row.serial,
    render: (row) => (
      <Group gap={6} wrap="nowrap">
        <span className="mono">{row.serial}</span>
        <Simulated of={row} />
      </Group>
    ),
  },
  { key: 'olt', label: t('pon.onu.olt'), value: (row) => `${row.olt_name} ${row.pon_port}` },
  { key: 'rx', label: t('pon.onu.rx'), from: 'sm', value: (row) => dbm(row.rx_power_dbm) },
  {
    key: 'seen',
    label: t('pon.onu.seen'),
    from: 'md',
    value: (row) => row.observed_at,
    render: (row) => <Time at={row.observed_at} show="age" />,
  },
];
