import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { runWords } from '../../shared/runWords';
import { Time } from '../../shared/time';
import { reading, runsQuery } from './queries';
import { RunState } from './RunState';
import { RunWaits } from './RunWaits';

/** What provisioning did for this subscriber, newest first. */
export function SubscriberRunsCard({ id }: { id: string }) {
  const { data } = useQuery({ ...runsQuery({ subject: id }), enabled: useCan(reading) });
  if (!data || data.items.length === 0) {
    return null;
  }
  return (
    <Card
      title={t('runs.title')}
      actions={
        data.items.length > 5 && (
          <TextLink to="/provisioning/runs" search={{ subject: id }} size="sm">
            {t('runs.all')}
          </TextLink>
        )
      }
    >
      {data.items.slice(0, 5).map((run) => (
        <Group key={run.id} justify="space-between" gap="xs" py={3}>
          <TextLink to="/provisioning/runs/$id" params={{ id: run.id }} size="sm">
            {runWords('definition', run.definition)}
          </TextLink>
          <Group gap="xs">
            <RunWaits run={run} size="xs" />
            <RunState run={run} />
            <Text size="xs" c="dimmed">
              <Time at={run.created_at} show="age" />
            </Text>
          </Group>
        </Group>
      ))}
    </Card>
  );
}
