import { Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { type Alarm, alarmsQuery, type Settling, settle, usePonChanged, writing } from './queries';
import { severities } from './search';
import { Simulated } from './words';

const route = getRouteApi('/app/pon');

export function AlarmsTab() {
  const { all, severity, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan(writing);
  const refresh = usePonChanged();
  const list = useQuery(alarmsQuery({ all, severity, cursor }));
  const [asked, setAsked] = useState<{ alarm: Alarm; how: Settling }>();
  const [note, setNote] = useState('');
  const ask = (alarm: Alarm, how: Settling) => {
    setNote(alarm.note ?? '');
    setAsked({ alarm, how });
  };
  const actions = (row: Alarm) =>
    row.cleared_at ? null : (
      <Group gap={4} wrap="nowrap">
        {!row.acknowledged_at && (
          <Button size="compact-xs" variant="default" onClick={() => ask(row, 'acknowledge')}>
            {t('pon.alarm.acknowledge')}
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={() => ask(row, 'clear')}>
          {t('pon.alarm.clear')}
        </Button>
      </Group>
    );
  return (
    <Stack>
      <Group>
        <Choice
          label={t('pon.severity')}
          value={severity}
          options={severities.map((value) => ({ value, label: t(`pon.severity.${value}`) }))}
          onChange={(next) =>
            navigate({
              search: (now) => ({ ...now, severity: severities.find((one) => one === next), cursor: undefined }),
            })
          }
        />
        <Checkbox
          label={t('pon.alarm.all')}
          checked={all ?? false}
          onChange={(event) => {
            const next = event.currentTarget.checked || undefined;
            navigate({ search: (now) => ({ ...now, all: next, cursor: undefined }) });
          }}
        />
      </Group>
      <DataList
        name={t('pon.tab.alarms')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={severity !== undefined}
        empty={<Empty title={t('pon.alarm.empty')}>{t('pon.alarm.emptyHint')}</Empty>}
        rowActions={mayWrite ? actions : undefined}
      />
      {asked && (
        <ConfirmDialog
          opened
          onClose={() => setAsked(undefined)}
          title={t(`pon.alarm.${asked.how}Title`, {
            alarm: lookup(`pon.alarm.${asked.alarm.kind}`) ?? asked.alarm.kind,
            of: asked.alarm.serial ?? asked.alarm.olt_name,
          })}
          confirm={t(`pon.alarm.${asked.how}`)}
          destructive={asked.how === 'clear'}
          run={async () => {
            await settle(asked.alarm.id, asked.how, note);
            await refresh();
          }}
        >
          {t(`pon.alarm.${asked.how}Text`)}
          <Textarea
            mt="sm"
            label={t('pon.alarm.note')}
            value={note}
            maxLength={500}
            autosize
            minRows={2}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </ConfirmDialog>
      )}
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
    render: (row) => (
      <div>
        {row.cleared_at
          ? row.cleared_by
            ? t('pon.alarm.clearedBy', { by: row.cleared_by })
            : t('pon.alarm.cleared')
          : row.acknowledged_by
            ? t('pon.alarm.acknowledged', { by: row.acknowledged_by })
            : t('pon.alarm.open')}
        {row.note && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
            {row.note}
          </Text>
        )}
      </div>
    ),
  },
];
