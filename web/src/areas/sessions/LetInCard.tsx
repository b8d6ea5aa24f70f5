import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Session } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { TextLink } from '../../shared/links';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { letIn, sessionDecisionsQuery } from './queries';

/** The decision that let this session in. */
export function LetInCard({ session }: { session: Session }) {
  const decisions = useQuery(sessionDecisionsQuery(session));
  const found = decisions.data && letIn(session, decisions.data.items);
  return (
    <Card title={t('session.letIn')} data-testid="let-in">
      {decisions.isError && <ProblemAlert error={decisions.error} onRetry={() => decisions.refetch()} />}
      {decisions.isLoading && <Skeleton height={48} />}
      {!decisions.isLoading && !decisions.isError && !found && (
        <Text size="sm" c="dimmed">
          {t('session.letInNone')}
        </Text>
      )}
      {found && (
        <Facts
          of={[
            [
              t('session.letInAt'),
              <TextLink key="at" to="/decisions/$id" params={{ id: found.id }} size="sm">
                <Time at={found.at} />
              </TextLink>,
            ],
            [t('session.nas'), found.nas?.shortname],
            [t('subscriber.testMethod'), found.method?.toUpperCase()],
            [
              t('session.calling'),
              found.calling_station_id && <span className="mono">{found.calling_station_id}</span>,
            ],
          ]}
        />
      )}
    </Card>
  );
}
