import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Decision } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { ButtonLink, TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import classes from './DecisionsCard.module.css';
import { decisionsQuery } from './queries';
import { TryLogin } from './TryLogin';

/** Answers "why was I rejected": each decision in words, with what to do about it. */
export function DecisionsCard({ username }: { username: string }) {
  const decisions = useQuery(decisionsQuery(username));
  const mayTry = useCan('isp.radius.write');
  return (
    <Card
      title={t('subscriber.decisions')}
      actions={
        <Group gap="xs">
          <ButtonLink to="/decisions" search={{ username, outcome: 'all' }} size="xs" variant="default">
            {t('subscriber.decisionsAll')}
          </ButtonLink>
          {mayTry && <TryLogin username={username} />}
        </Group>
      }
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
          <One key={decision.id} decision={decision} />
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
          {lookup(`decision.${decision.code}`) ?? decision.code}{' '}
          <TextLink to="/decisions/$id" params={{ id: decision.id }} size="sm">
            {t('subscriber.why')}
          </TextLink>
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
