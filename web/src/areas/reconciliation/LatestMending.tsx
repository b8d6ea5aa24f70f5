import { ActionIcon, Button, Group, Paper, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { t } from '../../messages';
import { count } from '../../shared/format';
import { Time } from '../../shared/time';
import { leftOf, type Mending } from './sending';

type Props = { of: Mending; sending: boolean; onLook: () => void; onForget: () => void };

/** The latest repair of many of this tab, to come back to: what was not begun is known here alone. */
export function LatestMending({ of, sending, onLook, onForget }: Props) {
  const many = (outcome: string) => of.answers.filter((one) => one.outcome === outcome).length;
  const [begun, refused, before, left] = [many('started'), many('refused'), many('under_way'), leftOf(of)];
  const parts = [
    t('repairs.sum.begun', { many: count(begun) }),
    refused > 0 && t('repairs.sum.refused', { many: count(refused) }),
    before > 0 && t('repairs.sum.under_way', { many: count(before) }),
    left > 0 && t(sending ? 'repairs.sum.toSend' : 'repairs.sum.notSent', { many: count(left) }),
  ];
  return (
    <Paper withBorder px="md" py="xs" data-testid="latest-repair">
      <Group justify="space-between" gap="xs">
        <Text size="sm" component="div" role="status">
          {t('repairs.latest')} <Time at={of.at} show="minute" />
          {`: ${parts.filter(Boolean).join(' · ')}`}
        </Text>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={onLook}>
            {t('repairs.look')}
          </Button>
          {!sending && (
            <ActionIcon variant="subtle" color="gray" aria-label={t('repairs.forget')} onClick={onForget}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
    </Paper>
  );
}
