import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Session } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { bytes, duration } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { Time } from '../../shared/time';

/** A report is late after two missed accounting intervals of the usual five minutes. */
const quietSeconds = 600;

/** What the NAS said, in groups by when it said it, so that every fact has an age. */
export function ObservedCard({ session }: { session: Session }) {
  const mono = (value: string | null) => value && <span className="mono">{value}</span>;
  const silence = (Date.now() - new Date(session.updated_at).getTime()) / 1000;
  return (
    <Card title={t('session.observed')} data-testid="observed">
      <Stack gap="md">
        {session.stopped_at && (
          <Heard label={t('session.atStop')} at={session.stopped_at}>
            <Facts
              of={[
                [t('session.cause'), session.terminate_cause ?? t('session.causeUnknown')],
                [t('session.lasted'), duration(session.duration_seconds)],
              ]}
            />
            {session.terminate_cause && (
              <Text size="sm" c="dimmed">
                {lookup(`cause.${session.terminate_cause}`)}
              </Text>
            )}
          </Heard>
        )}
        <Heard label={t('session.atReport')} at={session.updated_at}>
          <Facts
            of={[
              [t('session.downTotal'), bytes(session.downloaded_bytes)],
              [t('session.upTotal'), bytes(session.uploaded_bytes)],
            ]}
          />
          {!session.stopped_at && silence > quietSeconds && (
            <Text size="sm" c="var(--dm-warn)">
              {t('session.quiet', { age: duration(silence) })}
            </Text>
          )}
        </Heard>
        <Heard label={t('session.atStart')} at={session.started_at}>
          <Facts
            of={[
              [t('session.ipv4'), mono(session.framed_ipv4_address)],
              [t('session.ipv6'), mono(session.framed_ipv6_prefix)],
              [t('session.delegated'), mono(session.delegated_ipv6_prefix)],
              [
                t('session.nas'),
                session.nas && (
                  <TextLink key="nas" to="/nas/$id" params={{ id: session.nas.id }} size="sm">
                    {session.nas.shortname} ({session.nas.nasname})
                  </TextLink>
                ),
              ],
              [t('session.port'), mono(session.nas_port_id)],
              [t('session.calling'), mono(session.calling_station_id)],
              [t('session.called'), mono(session.called_station_id)],
              [t('session.acctId'), mono(session.acct_session_id)],
            ]}
          />
        </Heard>
      </Stack>
    </Card>
  );
}

function Heard({ label, at, children }: { label: string; at: string; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <Text size="xs" fw={600} c="dimmed">
        {label} · <Time at={at} /> (<Time at={at} show="age" />)
      </Text>
      {children}
    </Stack>
  );
}
