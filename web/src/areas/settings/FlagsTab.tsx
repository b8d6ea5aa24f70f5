import { Group, Select, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { Flag } from '../../api/types';
import { lookup, t, tn } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';

const wordOf = (value: string) => lookup(`flags.value.${value}`) ?? lookup(`subscriber.option82.${value}`) ?? value;
const label = (flag: Flag) => lookup(`flags.${flag.name}`) ?? flag.name;

export function FlagsTab() {
  const flags = useQuery({
    queryKey: ['flags'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/tenant/flags', { signal })),
  });
  if (flags.isError) {
    return <ProblemAlert error={flags.error} onRetry={() => flags.refetch()} />;
  }
  return (
    <Card title={t('flags.title')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('flags.lead')}
      </Text>
      {flags.data ? (
        <Stack gap="lg" maw={720}>
          {flags.data.items.map((flag) => (
            <OneFlag key={flag.name} flag={flag} />
          ))}
        </Stack>
      ) : (
        <Skeleton height={320} />
      )}
    </Card>
  );
}

/** How many lines the tenant has: what a flag is about. */
const linesQuery = {
  queryKey: ['subscribers', 'count'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    take(api.GET('/api/v1/subscribers', { params: { query: { limit: 1, count: true } }, signal })),
};

/** Switched once it is confirmed; what it does, what happens otherwise, and who touched it last. */
function OneFlag({ flag }: { flag: Flag }) {
  const mayWrite = useCan('settings.write');
  const queries = useQueryClient();
  const [asked, setAsked] = useState<string>();
  const lines = useQuery({ ...linesQuery, enabled: useCan('isp.radius.read') && asked !== undefined });
  const set = async (value: string) => {
    const saved = await take(
      api.PUT('/api/v1/tenant/flags/{name}', { params: { path: { name: flag.name } }, body: { value } }),
    );
    notifications.show({ message: t('flags.saved', { flag: label(saved), value: wordOf(saved.value) }) });
    await queries.invalidateQueries({ queryKey: ['flags'] });
  };
  const isSwitch = flag.choices.includes('on');
  const hint = (
    <>
      {flag.description} {isSwitch ? t('flags.whenOff', { what: flag.when_off }) : flag.when_off}
    </>
  );
  return (
    <div data-testid={flag.name}>
      {isSwitch ? (
        <Switch
          label={label(flag)}
          description={hint}
          checked={flag.value === 'on'}
          disabled={!mayWrite}
          onChange={(event) => setAsked(event.currentTarget.checked ? 'on' : 'off')}
        />
      ) : (
        <Select
          label={label(flag)}
          description={hint}
          data={flag.choices.map((value) => ({ value, label: wordOf(value) }))}
          value={flag.value}
          allowDeselect={false}
          disabled={!mayWrite}
          onChange={(value) => value && value !== flag.value && setAsked(value)}
          maw={420}
        />
      )}
      <Group gap={6} mt={4} ml={isSwitch ? 52 : 0}>
        <Text size="xs" c="dimmed" className="mono">
          {flag.name}
        </Text>
        <Text size="xs" c="dimmed">
          {flag.changed_at ? (
            <>
              {t('flags.changed', { who: flag.changed_by ?? '' })}, <Time at={flag.changed_at} show="age" />
            </>
          ) : (
            t('flags.default')
          )}
        </Text>
      </Group>
      <ConfirmDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={t('flags.ask', { flag: label(flag), value: wordOf(asked ?? '') })}
        confirm={t('flags.set', { value: wordOf(asked ?? '') })}
        destructive={asked === 'off'}
        run={() => set(asked ?? flag.value)}
      >
        <Stack gap="xs">
          <span>{asked === 'off' ? flag.when_off : flag.description}</span>
          <span>{lines.data?.total == null ? t('flags.effect') : tn('flags.effectOn', lines.data.total)}</span>
        </Stack>
      </ConfirmDialog>
    </div>
  );
}
