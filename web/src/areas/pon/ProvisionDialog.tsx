import { Button, Group, Modal, Radio, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { t, tn } from '../../messages';
import { ButtonLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { steering as ordering, reading as runsReading } from '../provisioning/queries';
import { provision, usePonChanged, withoutOnuQuery } from './queries';

type Props = { serial: string; onClose: () => void };

/** Gives a discovered ONU to a subscriber in service who has none, or begins a new one with it. */
export function ProvisionDialog({ serial, onClose }: Props) {
  const navigate = useNavigate();
  const mayOrder = useCan(ordering);
  const maySee = useCan('isp.radius.read');
  const mayFollow = useCan(runsReading);
  const [q, setQ] = useState('');
  const [sought] = useDebouncedValue(q.trim(), 250);
  const [chosen, setChosen] = useState('');
  const refresh = usePonChanged();
  const found = useQuery({ ...withoutOnuQuery(sought), enabled: maySee });
  const candidates = found.data?.items ?? [];
  const more = (found.data?.total ?? 0) - candidates.length;
  const go = useMutation({
    mutationFn: () => provision(serial, chosen),
    onSuccess: async ({ run_id: run }) => {
      notifications.show({ message: t('pon.discovered.started', { serial }) });
      await refresh();
      await (mayFollow ? navigate({ to: '/provisioning/runs/$id', params: { id: run } }) : onClose());
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('pon.discovered.title', { serial })}>
      <Stack>
        {mayOrder && (
          <ButtonLink to="/provisioning/new" search={{ onu: serial }} variant="default">
            {t('pon.discovered.forNew')}
          </ButtonLink>
        )}
        {maySee ? (
          <TextInput
            label={t('pon.discovered.forExisting')}
            placeholder={t('pon.discovered.search')}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
            data-autofocus
          />
        ) : (
          <Text size="sm">{t('problem.noPermission', { permission: 'isp.radius.read' })}</Text>
        )}
        {found.isError && <ProblemAlert error={found.error} onRetry={() => found.refetch()} />}
        {found.isLoading && <Skeleton height={120} />}
        {found.isSuccess && candidates.length === 0 && (
          <Text size="sm" c="dimmed">
            {t(sought ? 'pon.discovered.nobody' : 'pon.discovered.nobodyAtAll')}
          </Text>
        )}
        {candidates.length > 0 && (
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
        {more > 0 && (
          <Text size="sm" c="dimmed">
            {tn('pon.discovered.others', more)}
          </Text>
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
