import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time, useZone } from '../../shared/time';
import { instant, readMinute } from '../../shared/zonedDay';
import { type Address, whoQuery } from './queries';

type Ask = { who?: string; at?: string };

/** "Who had 100.64.3.7 at 03:12?" */
export function WhoHas({ who, at, onAsk }: Ask & { onAsk: (ask: Ask) => void }) {
  const [address, setAddress] = useState(who ?? '');
  const [moment, setMoment] = useState(at ?? '');
  const zone = useZone();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk({ who: address.trim() || undefined, at: readMinute(moment) });
  };
  return (
    <Card title={t('ipam.who')}>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('ipam.who.address')}
            placeholder="100.64.3.7"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            classNames={{ input: 'mono' }}
            spellCheck={false}
            autoComplete="off"
            style={{ flex: '1 1 12rem', maxWidth: '22rem' }}
          />
          <TextInput
            type="datetime-local"
            label={t('ipam.who.at', { zone })}
            title={t('ipam.who.atHint')}
            value={moment}
            onChange={(event) => setMoment(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t('ipam.who.ask')}
          </Button>
        </Group>
      </form>
      {who && <Answer who={who} at={at} />}
    </Card>
  );
}

function Answer({ who, at }: { who: string; at?: string }) {
  const zone = useZone();
  const minute = readMinute(at);
  const { data, error } = useQuery(whoQuery(who, minute && instant(minute, zone)));
  if (error) {
    return <ProblemAlert error={error} />;
  }
  if (!data) {
    return null;
  }
  const short = data.address.replace(/\/(32|128)$/, '');
  return (
    <Stack gap={6} mt="sm" role="status">
      {data.holders.length === 0 && (
        <Text fw={600}>{t(at ? 'ipam.who.wasFree' : 'ipam.who.free', { address: short })}</Text>
      )}
      {data.holders.map((holder) => (
        <Text fw={600} key={holder.id}>
          {t(at ? 'ipam.who.held' : 'ipam.who.holder', { address: short, label: nameOf(holder) })}
          {holder.vrf && ` (${holder.vrf})`}
        </Text>
      ))}
      {data.history.length === 0 ? (
        <Text c="dimmed">{t('ipam.who.never')}</Text>
      ) : (
        <>
          <Text c="dimmed" size="sm">
            {t('ipam.who.history')}
          </Text>
          <Stack component="ul" gap={2} m={0} pl="md" aria-label={t('ipam.who.history')}>
            {data.history.map((had) => (
              <li key={had.id}>
                <strong>{nameOf(had)}</strong> <span className="mono">{had.address}</span>{' '}
                <Time at={had.allocated_at} /> – {had.ended_at ? <Time at={had.ended_at} /> : t('ipam.who.now')}{' '}
                <Text span c="dimmed" size="sm">
                  {t('ipam.by', { name: had.created_by })}
                </Text>
              </li>
            ))}
          </Stack>
        </>
      )}
    </Stack>
  );
}

export const nameOf = (of: Pick<Address, 'label'>) => of.label || t('ipam.nobody');
