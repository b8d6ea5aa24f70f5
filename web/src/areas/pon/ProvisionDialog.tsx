import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import { t } from '../../messages';
import { ButtonLink } from '../../shared/links';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { provision, usePonChanged } from './queries';

type Props = { serial: string; onClose: () => void };

/** Gives a discovered ONU to a subscriber in service who has none, or begins a new one with it. */
export function ProvisionDialog({ serial, onClose }: Props) {
  const [q, setQ] = useState('');
  const [sought] = useDebouncedValue(q, 250);
  const [chosen, setChosen] = useState('');
  const refresh = usePonChanged();
  const found = useQuery({
    queryKey: ['subscribers', 'without-onu', sought],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/subscribers', { params: { query: { q: sought || undefined, limit: 20 } }, signal })),
  });
  const candidates = (found.data?.items ?? []).filter((one) => !one.onu_serial).slice(0, 6);
  const go = useMutation({
    mutationFn: () => provision(serial, chosen),
    onSuccess: async () => {
      notifications.show({ message: t('pon.discovered.started', { serial }) });
      await refresh();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('pon.discovered.title', { serial })}>
      <Stack>
        <ButtonLink to="/provisioning/new" search={{ onu: serial }} variant="default">
          {t('pon.discovered.forNew')}
        </ButtonLink>
        <TextInput
          label={t('pon.discovered.forExisting')}
          placeholder={t('pon.discovered.search')}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
          data-autofocus
        />
        {candidates.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('pon.discovered.nobody')}
          </Text>
        ) : (
          <Radio.Group label={t('pon.discovered.pick')} value={chosen} onChange={setChosen}>
            <Stack gap={6} mt={6} data-testid="candidates">
              {candidates.map((one) => (
                <Radio
                  key={one.id}
                  value={one.id}
                  label={[one.subscriber_number, one.full_name, one.username].filter(Boolean).join(' · ')}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {go.isError && <ProblemAlert error={go.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          <Button disabled={!chosen} loading={go.isPending} onClick={() => go.mutate()} data-testid="provision">
            {t('pon.discovered.provision')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
