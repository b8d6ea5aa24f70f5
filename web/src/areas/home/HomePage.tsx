import { Grid, Group, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { age } from '../../shared/time';
import { useAttention } from '../provisioning/attention';
import { AttentionCard } from './AttentionCard';
import { AuthCard } from './AuthCard';
import { useNetworkAttention } from './attention';
import { FirstSteps } from './FirstSteps';
import { NumbersRow } from './NumbersRow';
import { dashboardQuery } from './queries';
import { ReasonsCard } from './ReasonsCard';

export function HomePage() {
  const board = useQuery(dashboardQuery);
  const provisioning = useAttention();
  const network = useNetworkAttention();
  const stale = board.isError && board.data !== undefined;
  return (
    <Page
      title={t('home.title')}
      actions={
        board.data && (
          <Group gap="xs" role="status">
            <State tone={stale ? 'bad' : 'ok'}>{stale ? t('is.stale') : t('is.live')}</State>
            {stale && t('home.updated', { age: age(board.dataUpdatedAt) })}
          </Group>
        )
      }
    >
      {board.isError && <ProblemAlert error={board.error} onRetry={() => board.refetch()} />}
      {board.isPending && <Loading />}
      {board.data && (
        <Stack>
          <NumbersRow board={board.data} />
          {(board.data.subscribers.total === 0 || board.data.nas.total === 0) && <FirstSteps board={board.data} />}
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 8 }}>
              <Stack>
                <AuthCard auth={board.data.auth} />
                <ReasonsCard auth={board.data.auth} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 4 }} order={{ base: -1, md: 0 }}>
              <AttentionCard items={worstFirst([...provisioning, ...network, ...board.data.attention])} />
            </Grid.Col>
          </Grid>
        </Stack>
      )}
    </Page>
  );
}

/** Critical before the rest; otherwise as they came. */
const worstFirst = <T extends { severity: string }>(items: T[]) => [
  ...items.filter((item) => item.severity === 'critical'),
  ...items.filter((item) => item.severity !== 'critical'),
];

function Loading() {
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      {['online', 'throughput', 'nas', 'auth'].map((name) => (
        <Skeleton key={name} height={104} />
      ))}
    </SimpleGrid>
  );
}
