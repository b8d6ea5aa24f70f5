import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { firstSessionQuery, type Run } from './queries';

/** The proof of a provisioned line: somebody is on it. Waits for the first session that began after the order. */
export function FirstLoginCard({ run }: { run: Run }) {
  const mayRead = useCan('isp.radius.read');
  const relevant = run.definition === 'provision' && ['completed', 'degraded'].includes(run.status);
  return relevant && mayRead && run.subject_id ? <Waiting run={run} subscriber={run.subject_id} /> : null;
}

function Waiting({ run, subscriber }: { run: Run; subscriber: string }) {
  const { data: session } = useQuery(firstSessionQuery(subscriber, run.created_at));
  return (
    <Card title={t('run.firstLogin')} data-testid="first-login">
      {session ? (
        <Text size="sm" component="div" role="status">
          <State tone="ok">{t('run.firstLogin.seen')}</State>{' '}
          <TextLink to="/sessions/$id" params={{ id: session.id }} inherit>
            <Time at={session.started_at} />
          </TextLink>{' '}
          <span className="mono">{session.framed_ipv4_address}</span>
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          {t('run.firstLogin.none')}
        </Text>
      )}
    </Card>
  );
}
