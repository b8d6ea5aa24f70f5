import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { NetworkProfile } from '../../../api/types';
import { lookup, t } from '../../../messages';
import { ConfirmDialog } from '../../../shared/ConfirmDialog';
import { useCan } from '../../../shared/me';
import { ProblemAlert } from '../../../shared/ProblemAlert';
import { State } from '../../../shared/State';
import { Time } from '../../../shared/time';
import { type Family, type Move, moveAddress, useProfileChanged } from './queries';

const tones = {
  pending: 'idle',
  allocated: 'plain',
  active: 'ok',
  suspended: 'warn',
  revoking: 'warn',
  revoked: 'idle',
  failed: 'bad',
} as const;

const nexts: Record<string, (family: Family) => Move[]> = {
  pending: () => ['allocate'],
  failed: () => ['allocate'],
  allocated: () => ['activate', 'revoke'],
  active: () => ['suspend', 'revoke'],
  suspended: (family) => [family === 'ipv4' ? 'reactivate' : 'resume', 'revoke'],
  revoking: () => ['revoke'],
};

/** Where a line's addresses of one family are in their life, since when, and where they can go from here. */
export function AddressLife({ profile, family }: { profile: NetworkProfile; family: Family }) {
  const [revoking, setRevoking] = useState(false);
  const may = { write: useCan('isp.radius.write'), ipam: useCan('isp.ipam.write') };
  const refresh = useProfileChanged();
  const life = profile[family];
  const name = t(`line.life.${family}`);
  const move = useMutation({
    mutationFn: (to: Move) => moveAddress(profile.subscriber_id, family, to),
    onSuccess: async (status) => {
      const state = lookup(`line.state.${status.life.state}`) ?? status.life.state;
      notifications.show({ message: t('line.moved', { family: name, state }) });
      await refresh();
    },
  });
  const offered = (nexts[life.state]?.(family) ?? []).filter((one) =>
    one === 'allocate' || one === 'revoke' ? may.ipam : may.write,
  );
  return (
    <Stack gap={4} data-testid={`life-${family}`}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text size="sm" fw={600} miw={36}>
            {name}
          </Text>
          <State tone={tones[life.state as keyof typeof tones] ?? 'plain'}>
            {lookup(`line.state.${life.state}`) ?? life.state}
          </State>
          {life.changed_at && (
            <Text size="xs" c="dimmed">
              <Time at={life.changed_at} show="age" />
            </Text>
          )}
        </Group>
        <Group gap={6}>
          {offered.map((one) => (
            <Button
              key={one}
              size="compact-xs"
              variant="default"
              loading={move.isPending && move.variables === one}
              aria-label={t('line.do.of', { move: t(`line.do.${one}`), family: name })}
              onClick={() => (one === 'revoke' ? setRevoking(true) : move.mutate(one))}
            >
              {t(`line.do.${one}`)}
            </Button>
          ))}
        </Group>
      </Group>
      {move.isError && <ProblemAlert error={move.error} />}
      <ConfirmDialog
        opened={revoking}
        onClose={() => setRevoking(false)}
        title={t('line.revokeTitle', { family: name })}
        confirm={t('line.do.revoke')}
        destructive
        run={() => move.mutateAsync('revoke')}
      >
        {t('line.revokeText')}
      </ConfirmDialog>
    </Stack>
  );
}
