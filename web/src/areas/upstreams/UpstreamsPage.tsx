import { ActionIcon, Badge, Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { count } from '../../shared/format';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { Enabled, State } from '../../shared/State';
import { deleteUpstream, type Upstream, upstreamsQuery, useUpstreamsChanged } from './queries';
import { CreateUpstream, EditUpstream } from './UpstreamEditor';

const route = getRouteApi('/app/upstreams');

export function UpstreamsPage() {
  const { q, cursor, create, edit } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.radius.write');
  const refresh = useUpstreamsChanged();
  const list = useQuery(upstreamsQuery({ q, cursor }));
  const [doomed, setDoomed] = useState<Upstream>();
  const close = () => navigate({ search: (now) => ({ ...now, create: undefined, edit: undefined }) });
  const createButton = mayWrite && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
    >
      {t('upstreams.create')}
    </Button>
  );
  const actions = (row: Upstream) => (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('upstream.editTitle', { name: row.name })}
        onClick={() => navigate({ search: (now) => ({ ...now, edit: row.id }) })}
      >
        <IconPencil size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('upstream.remove', { name: row.name })}
        onClick={() => setDoomed(row)}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </>
  );
  return (
    <Page title={t('upstreams.title')} lead={t('upstreams.lead')} actions={createButton}>
      <Group>
        <SearchBox
          label={t('upstreams.search')}
          placeholder={t('upstreams.search')}
          value={q}
          onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
        />
      </Group>
      <DataList
        name={t('upstreams.title')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('upstreams.empty')} action={createButton}>
            {t('upstreams.emptyHint')}
          </Empty>
        }
        rowActions={mayWrite ? actions : undefined}
      />
      {create && mayWrite && <CreateUpstream onClose={close} />}
      {edit && mayWrite && <EditUpstream key={edit} id={edit} onClose={close} />}
      <ConfirmDialog
        opened={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={t('upstream.deleteTitle', { name: doomed?.name ?? '' })}
        confirm={t('do.delete')}
        destructive
        run={async () => {
          if (doomed) {
            await deleteUpstream(doomed);
            await refresh();
            notifications.show({ message: t('upstream.deleted', { name: doomed.name }) });
          }
        }}
      >
        {t('upstream.deleteText')}
      </ConfirmDialog>
    </Page>
  );
}

const tones = { alive: 'ok', zombie: 'warn', dead: 'bad' } as const;
const toneOf = (state: string) => tones[state as keyof typeof tones] ?? 'idle';

const columns: Column<Upstream>[] = [
  { key: 'name', label: t('upstreams.col.name'), value: (row) => row.name },
  {
    key: 'servers',
    label: t('upstreams.col.servers'),
    value: (row) => row.servers.map((server) => server.address).join(' '),
    render: (row) => (
      <Stack gap={4}>
        {row.servers.map((server) => (
          <Group
            key={`${server.address}${server.auth_port}`}
            gap={6}
            title={t('upstream.server.figures', {
              answered: count(server.answered),
              timeouts: count(server.timeouts),
            })}
          >
            <span className="mono">
              {server.address}:{server.auth_port}
            </span>
            <State tone={toneOf(server.state)}>
              {lookup(`upstream.server.${server.state}`) ?? server.state}
              {server.latency_ms != null && `, ${t('upstream.server.latency', { ms: Math.round(server.latency_ms) })}`}
            </State>
          </Group>
        ))}
      </Stack>
    ),
  },
  { key: 'realms', label: t('upstreams.col.realms'), value: (row) => row.realms.join(', ') },
  {
    key: 'takes',
    label: t('upstreams.col.takes'),
    from: 'sm',
    value: (row) => row.eap,
    render: (row) => (
      <Group gap={4}>
        {row.eap && <Badge variant="default">{t('upstream.eapTag')}</Badge>}
        {row.forward_accounting && <Badge variant="default">{t('upstream.accountingTag')}</Badge>}
      </Group>
    ),
  },
  {
    key: 'strategy',
    label: t('upstreams.col.strategy'),
    from: 'lg',
    value: (row) => lookup(`upstream.strategy.${row.strategy}`) ?? row.strategy,
  },
  { key: 'priority', label: t('upstreams.col.priority'), from: 'lg', align: 'right', value: (row) => row.priority },
  {
    key: 'state',
    label: t('upstreams.col.state'),
    from: 'sm',
    value: (row) => row.enabled,
    render: (row) => <Enabled enabled={row.enabled} />,
  },
];
