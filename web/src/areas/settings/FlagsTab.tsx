import { Group, Select, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Flag } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';

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

/** On and off at once; what it does, what happens otherwise, and who touched it last. */
function OneFlag({ flag }: { flag: Flag }) {
  const mayWrite = useCan('settings.write');
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (value: string) =>
      take(api.PUT('/api/v1/tenant/flags/{name}', { params: { path: { name: flag.name } }, body: { value } })),
    onSuccess: async (saved) => {
      notifications.show({ message: t('flags.saved', { flag: label(saved), value: saved.value }) });
      await queries.invalidateQueries({ queryKey: ['flags'] });
    },
  });
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
          disabled={!mayWrite || set.isPending}
          onChange={(event) => set.mutate(event.currentTarget.checked ? 'on' : 'off')}
        />
      ) : (
        <Select
          label={label(flag)}
          description={hint}
          data={flag.choices.map((value) => ({ value, label: lookup(`subscriber.option82.${value}`) ?? value }))}
          value={flag.value}
          allowDeselect={false}
          disabled={!mayWrite || set.isPending}
          onChange={(value) => value && set.mutate(value)}
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
      {set.isError && <ProblemAlert error={set.error} />}
    </div>
  );
}
