import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconPlugOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Page, Session, Subscriber } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { Figure } from '../../shared/Figure';
import { bitRate, bytes, duration } from '../../shared/format';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { DisconnectDialog } from '../sessions/DisconnectDialog';

type Props = { subscriber: Subscriber; now: UseQueryResult<Page<Session>>; mark: ReactNode };

/** What this subscriber's line does at this moment, with how old that knowledge is. */
export function SessionCard({ subscriber, now, mark }: Props) {
  const [cutting, setCutting] = useState<Session>();
  return (
    <Card title={t('subscriber.session')} actions={mark} data-testid="session-now">
      {now.isError && <ProblemAlert error={now.error} onRetry={() => now.refetch()} />}
      {now.isPending && <Skeleton height={96} />}
      {now.data?.items.length === 0 && <NotOnline subscriber={subscriber} />}
      <Stack>
        {now.data?.items.map((session) => (
          <Live
            key={session.id}
            session={session}
            interval={subscriber.acct_interim_interval ?? 300}
            onCut={() => setCutting(session)}
          />
        ))}
      </Stack>
      {cutting && <DisconnectDialog session={cutting} onClose={() => setCutting(undefined)} />}
    </Card>
  );
}

function NotOnline({ subscriber }: { subscriber: Subscriber }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('subscriber.offlineNow')}
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {subscriber.last_online_at ? (
          <>
            {t('subscribers.col.lastOnline')} <Time at={subscriber.last_online_at} show="age" />.{' '}
          </>
        ) : (
          `${t('subscriber.neverOnline')} `
        )}
        {t('subscriber.offlineHint')}
      </Text>
    </div>
  );
}

/** A report is late after two missed accounting intervals. */
function Live({ session, interval, onCut }: { session: Session; interval: number; onCut: () => void }) {
  const mayCut = useCan('isp.radius.sessions.manage');
  const silence = session.updated_at ? (Date.now() - new Date(session.updated_at).getTime()) / 1000 : 0;
  const mono = (value: string | null) => value && <span className="mono">{value}</span>;
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <Group gap="xl">
          <Figure
            label={t('session.down')}
            value={bitRate(session.download_bps)}
            note={bytes(session.downloaded_bytes)}
            tone="down"
          />
          <Figure
            label={t('session.up')}
            value={bitRate(session.upload_bps)}
            note={bytes(session.uploaded_bytes)}
            tone="up"
          />
          <Figure
            label={t('sessions.col.age')}
            value={duration((Date.now() - new Date(session.started_at).getTime()) / 1000)}
            note={<Time at={session.started_at} />}
          />
        </Group>
        {mayCut && (
          <Button
            variant="default"
            leftSection={<IconPlugOff size={16} aria-hidden />}
            onClick={onCut}
            data-testid="disconnect"
          >
            {t('disconnect.do')}
          </Button>
        )}
      </Group>
      {silence > 2 * interval && (
        <div>
          <State tone="warn">{t('session.quiet', { age: duration(silence) })}</State>
        </div>
      )}
      <Facts
        of={[
          [t('session.ipv4'), mono(session.framed_ipv4_address)],
          [t('session.ipv6'), mono(session.framed_ipv6_prefix)],
          [t('session.delegated'), mono(session.delegated_ipv6_prefix)],
          [t('session.nas'), session.nas?.shortname],
          [t('session.port'), mono(session.nas_port_id)],
          [t('session.calling'), mono(session.calling_station_id)],
          [t('session.updated'), <Time key="updated" at={session.updated_at} show="age" />],
        ]}
      />
    </Stack>
  );
}
