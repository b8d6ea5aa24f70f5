import { Grid, Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { Facts } from '../../shared/Facts';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useSorting } from '../../shared/list/useSorting';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { OltStanding } from './OltsTab';
import { onuColumns } from './onuColumns';
import { type Onu, oltQuery, onusQuery, type Port } from './queries';
import { opers } from './search';
import { dbm, Received, Simulated } from './words';

const route = getRouteApi('/app/pon/olts/$id');

export function OltPage() {
  const { id } = route.useParams();
  const one = useQuery(oltQuery(id));
  const ports = useQuery({ ...oltQuery(id), select: (of) => ({ items: of.ports }) });
  const { cursor, sort: _sort, ...filter } = route.useSearch();
  const sorting = useSorting(columns, 'serial');
  const navigate = route.useNavigate();
  const narrow = (by: Partial<typeof filter>) =>
    navigate({ search: (now) => ({ ...now, ...by, cursor: undefined }), resetScroll: false });
  const onus = useQuery(onusQuery({ olt_id: id, ...filter, sort: sorting.sort, cursor }));
  const back = (
    <TextLink to="/pon" search={{ tab: 'olts' }} size="sm">
      {t('pon.title')}
    </TextLink>
  );
  if (!one.data) {
    return one.error ? (
      <Page title={t('pon.title')} lead={back}>
        <ProblemAlert error={one.error} onRetry={() => one.refetch()} />
      </Page>
    ) : (
      <Skeleton height={400} />
    );
  }
  const { olt } = one.data;
  const lead = (
    <Group gap={8}>
      {back}
      <OltStanding of={olt} />
      <Simulated of={olt} />
    </Group>
  );
  return (
    <Page title={olt.name} lead={lead}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Card title={t('pon.olt.model')}>
            <Facts
              of={[
                [t('pon.olt.model'), `${olt.vendor} ${olt.model}`],
                [t('pon.olt.site'), olt.site],
                [t('pon.stat.online'), olt.online],
                [t('pon.stat.alarms'), olt.open_alarms],
                [t('pon.olt.restarts'), olt.restarts],
                [t('pon.olt.lastRestart'), olt.last_restart_at && <Time key="r" at={olt.last_restart_at} show="age" />],
                [
                  t('pon.olt.controllerId'),
                  <span key="id" className="mono">
                    {olt.controller_id}
                  </span>,
                ],
              ]}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Card title={t('pon.ports')}>
            <DataList
              name={t('pon.ports')}
              columns={portColumns}
              query={ports}
              rowId={(row) => `${row.number}`}
              empty={<Empty title={t('pon.olt.empty')} />}
            />
          </Card>
        </Grid.Col>
      </Grid>
      <Card title={t('pon.onus')}>
        <Group gap="xs" mb="sm">
          <SearchBox
            label={t('pon.onu.search')}
            placeholder={t('pon.onu.search')}
            value={filter.q}
            onChange={(q) => narrow({ q })}
          />
          <Choice
            label={t('pon.port')}
            value={filter.port?.toString()}
            options={one.data.ports.map(({ number }) => ({ value: `${number}`, label: `pon-${number}` }))}
            onChange={(port) => narrow({ port: port === undefined ? undefined : Number(port) })}
          />
          <Choice
            label={t('pon.onu.state')}
            value={filter.oper}
            options={opers.map((value) => ({ value, label: t(`pon.oper.${value}`) }))}
            onChange={(oper) => narrow({ oper: opers.find((known) => known === oper) })}
          />
        </Group>
        <DataList
          name={t('pon.onus')}
          columns={columns}
          query={onus}
          cursor={cursor}
          {...sorting}
          filtered={Object.values(filter).some((value) => value !== undefined)}
          rowId={(row) => row.serial}
          empty={<Empty title={t('pon.onu.empty')}>{t('pon.onu.emptyHint')}</Empty>}
        />
      </Card>
    </Page>
  );
}

const columns: Column<Onu>[] = onuColumns
  .filter((column) => !column.optional)
  .map((column) =>
    column.key === 'olt' ? { ...column, label: t('pon.port'), value: (row) => `pon-${row.port}` } : column,
  );

const portColumns: Column<Port>[] = [
  {
    key: 'number',
    label: t('pon.port'),
    value: (row) => `pon-${row.number}`,
    render: (row) => (
      <TextLink
        from="/pon/olts/$id"
        to="."
        search={{ port: row.number }}
        resetScroll={false}
        size="sm"
        title={t('pon.port.onus', { port: `pon-${row.number}` })}
      >
        pon-{row.number}
      </TextLink>
    ),
  },
  { key: 'technology', label: t('pon.port.technology'), from: 'md', value: (row) => row.technology.toUpperCase() },
  {
    key: 'used',
    label: t('pon.port.used'),
    value: (row) => `${row.online + row.down + row.disabled + row.discovered} / ${row.capacity}`,
  },
  { key: 'online', label: t('pon.stat.online'), align: 'right', value: (row) => row.online },
  { key: 'down', label: t('pon.stat.los'), from: 'sm', align: 'right', value: (row) => row.down },
  { key: 'tx', label: t('pon.port.tx'), from: 'md', value: (row) => dbm(row.tx_power_dbm) },
  {
    key: 'worst',
    label: t('pon.port.worst'),
    from: 'sm',
    value: (row) => row.worst_rx_dbm,
    render: (row) => <Received dbm={row.worst_rx_dbm} />,
  },
];
