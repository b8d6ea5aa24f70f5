import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lookup, t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { type Alarm, acknowledge, alarmsQuery, clear, usePonChanged, writing } from './queries';
import { Simulated } from './words';

const route = getRouteApi('/app/pon');

export function AlarmsTab() {
  const { all, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan(writing);
  const refresh = usePonChanged();
  const list = useQuery(alarmsQuery({ all, cursor }));
  const settle = useMutation({ mutationFn: (act: () => Promise<unknown>) => act(), onSuccess: refresh });
  const actions = (row: Alarm) =>
    row.cleared_at ? null : (
      <Group gap={4} wrap="nowrap">
        {!row.acknowledged_at && (
          <Button size="compact-xs" variant="default" onClick={() => settle.mutate(() => acknowledge(row.id))}>
            {t('pon.alarm.acknowledge')}
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={() => settle.mutate(() => clear(row.id))}>
          {t('pon.alarm.clear')}
        </Button>
      </Group>
    );
  return (
    <Stack>
      <Checkbox
        label={t('pon.alarm.all')}
        checked={all ?? false}
        onChange={(event) => {
          const next = event.currentTarget.checked || undefined;
          navigate({ search: (now) => ({ ...now, all: next, cursor: undefined }) });
        }}
      />
      {settle.isError && <ProblemAlert error={settle.error} />}
      <DataList
        name={t('pon.tab.alarms')}
        columns={columns}
        query={list}
        cursor={cursor}
        empty={<Empty title={t('pon.alarm.empty')}>{t('pon.alarm.emptyHint')}</Empty>}
        rowActions={mayWrite ? actions : undefined}
      />
    </Stack>
  );
}

const tones = { critical: 'bad', major: 'bad', minor: 'warn', warning: 'warn', indeterminate: 'idle' } as const;

const columns: Column<Alarm>[] = [
  {
    key: 'kind',
    label: t('pon.alarm.kind'),
    value: (row) => row.kind,
    render: (row) => (
      <div>
        <State tone={row.cleared_at ? 'idle' : tones[row.severity]}>
          {lookup(`pon.alarm.${row.kind}`)} ({t(`pon.severity.${row.severity}`)})
        </State>
        <Text size="xs" c="dimmed">
          {row.detail}
        </Text>
      </div>
    ),
  },
  {
    key: 'of',
    label: t('pon.alarm.of'),
    value: (row) => row.serial ?? row.olt_name,
    render: (row) => (
      <Group gap={6} wrap="nowrap">
        {row.serial ? (
          <TextLink to="/pon/onus/$serial" params={{ serial: row.serial }} size="sm" className="mono">
            {row.serial}
          </TextLink>
        ) : (
          row.olt_name
        )}
        {row.label}
        <Simulated of={row} />
      </Group>
    ),
  },
  {
    key: 'raised',
    label: t('pon.alarm.raised'),
    from: 'sm',
    value: (row) => row.raised_at,
    render: (row) => <Time at={row.raised_at} show="age" />,
  },
  { key: 'times', label: t('pon.alarm.times'), from: 'md', align: 'right', value: (row) => row.times },
  {
    key: 'state',
    label: t('pon.alarm.state'),
    from: 'md',
    value: (row) =>
      row.cleared_at
        ? t('pon.alarm.cleared')
        : row.acknowledged_by
          ? t('pon.alarm.acknowledged', { by: row.acknowledged_by })
          : t('pon.alarm.open'),
  },
];
