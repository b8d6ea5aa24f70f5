import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Decision } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import classes from './DecisionsCard.module.css';
import { decisionsQuery } from './queries';
import { TryLogin } from './TryLogin';

/** Answers "why was I rejected": each decision in words, with what to do about it. */
export function DecisionsCard({ id, username }: { id: string; username: string }) {
  const decisions = useQuery(decisionsQuery(id));
  const mayTry = useCan('isp.radius.write');
  return (
    <Card
      title={t('subscriber.decisions')}
      actions={mayTry && <TryLogin username={username} />}
      data-testid="decisions"
    >
      {decisions.isError && <ProblemAlert error={decisions.error} onRetry={() => decisions.refetch()} />}
      {decisions.isPending && <Skeleton height={120} />}
      {decisions.data?.items.length === 0 && (
        <>
          <Text size="sm" fw={600}>
            {t('subscriber.decisionsNone')}
          </Text>
          <Text size="sm" c="dimmed">
            {t('subscriber.decisionsNoneHint')}
          </Text>
        </>
      )}
      <Stack component="ol" gap={0} className={classes.list}>
        {decisions.data?.items.map((decision) => (
          <One key={`${decision.at}${decision.code}${decision.calling_station_id}`} decision={decision} />
        ))}
      </Stack>
    </Card>
  );
}

function One({ decision }: { decision: Decision }) {
  const accepted = decision.outcome === 'accept';
  return (
    <li className={classes.one}>
      <div className={classes.when}>
        <State tone={accepted ? 'ok' : 'bad'}>{accepted ? t('subscriber.accept') : t('subscriber.reject')}</State>
        <Text size="xs" c="dimmed" mt={2}>
          <Time at={decision.at} />
        </Text>
      </div>
      <div>
        <Text size="sm" fw={550}>
          {lookup(`decision.${decision.code}`) ?? decision.code}
        </Text>
        {!accepted && (
          <Text size="sm" c="dimmed">
            {decision.detail ?? lookup(`decision.${decision.code}.do`)}
          </Text>
        )}
        <Text size="xs" c="dimmed" className="mono">
          {[decision.nas?.shortname, decision.calling_station_id, decision.code].filter(Boolean).join(' · ')}
        </Text>
      </div>
    </li>
  );
}
