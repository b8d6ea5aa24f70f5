import { Alert, Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { Facts } from '../../shared/Facts';
import { ButtonLink, TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { runQuery } from '../provisioning/queries';
import { isOver as isRunOver } from '../provisioning/run';
import { type Finding, findingQuery, heed, ignore, repair, steering, useFindingsChanged } from './queries';

type Props = { id: string; onClose: () => void };

/** One finding: what differs, what the repair would do, and the choice between repairing and ignoring it. */
export function FindingDialog({ id, onClose }: Props) {
  const one = useQuery(findingQuery(id));
  return (
    <Modal opened onClose={onClose} size="lg" title={lookup(`finding.${one.data?.kind}`) ?? t('recon.col.what')}>
      {one.isError && <ProblemAlert error={one.error} onRetry={() => one.refetch()} />}
      {one.isPending && <Skeleton height={200} />}
      {one.data && <Shown of={one.data} />}
    </Modal>
  );
}

/** The API's word for a subject that is not there any more. */
const nobody = 'nobody';

/** The line that a finding is about: a way to it, where there is one. */
export function Subject({ of }: { of: Finding }) {
  const mayOpen = useCan('isp.radius.read');
  return of.subject_id && of.subject_label !== nobody && mayOpen ? (
    <TextLink to="/subscribers/$key" params={{ key: of.subject_id }} inherit>
      {of.subject_label}
    </TextLink>
  ) : (
    of.subject_label
  );
}

/** Where a person does what is advised. */
const forms = {
  change_network: { label: t('recon.changeNetwork'), search: { order: 'network' } },
  settings: { label: t('recon.editLine'), search: { edit: true } },
} as const;

function Shown({ of }: { of: Finding }) {
  const maySteer = useCan(steering);
  const mayChange = useCan('isp.radius.write');
  const refresh = useFindingsChanged();
  const [reason, setReason] = useState('');
  const repairRun = useQuery({
    ...runQuery(of.run_id ?? ''),
    enabled: of.run_id != null && of.gone_at == null,
    refetchInterval: 2_000,
  });
  // The first of two repairs decides; a second one would only be told so.
  const underRepair = of.run_id != null && repairRun.data !== undefined && !isRunOver(repairRun.data);
  const act = useMutation({
    mutationFn: async ({
      run,
      said,
    }: {
      deed: 'heed' | 'ignore' | 'repair';
      run: () => Promise<unknown>;
      said: string;
    }) => {
      await run();
      notifications.show({ message: said });
      await refresh();
    },
  });
  const pending = act.isPending ? act.variables.deed : undefined;
  const isOver = of.gone_at != null;
  const form = mayChange && of.advice_form ? forms[of.advice_form] : undefined;
  return (
    <Stack>
      <Text size="sm">{of.what}</Text>
      <Facts
        of={[
          [t('recon.col.subject'), <Subject key="subject" of={of} />],
          [t('recon.col.desired'), of.desired],
          [t('recon.col.applied'), of.applied],
          [t('recon.col.observed'), of.observed],
          [t('recon.age'), of.observed_at && <Time key="age" at={of.observed_at} show="age" />],
          [t('recon.col.found'), <Time key="found" at={of.found_at} show="age" />],
          [t('recon.state.gone'), of.gone_at && <Time key="gone" at={of.gone_at} show="age" />],
          [t('recon.repair'), of.repaired_by && t('recon.repairedBy', { by: of.repaired_by })],
        ]}
      />
      {!isOver && (
        <Alert variant="default" title={t(of.advice ? 'recon.adviceIs' : 'recon.fixIs')} data-testid="fix">
          {of.fix ?? of.advice ?? t('recon.noFix')}
        </Alert>
      )}
      {!isOver && of.refused_why && (
        <Text size="sm" data-testid="refused">
          {t('recon.refused', { by: of.refused_by ?? '', why: of.refused_why })}{' '}
          {of.refused_at && <Time at={of.refused_at} show="age" />}
        </Text>
      )}
      {of.ignored_at && of.ignore_reason && (
        <Text size="sm">{t('recon.ignoredBy', { by: of.ignored_by ?? '', reason: of.ignore_reason })}</Text>
      )}
      {underRepair && (
        <Text size="sm" role="status">
          {t('recon.underRepair')}
        </Text>
      )}
      {act.isError && <ProblemAlert error={act.error} />}
      <Group justify="space-between" align="flex-end">
        {of.run_id && (
          <ButtonLink to="/provisioning/runs/$id" params={{ id: of.run_id }} variant="default">
            {t('recon.toRun')}
          </ButtonLink>
        )}
        {maySteer && !isOver && (
          <Group gap="xs" align="flex-end">
            {of.ignored_at ? (
              <Button
                variant="default"
                loading={pending === 'heed'}
                disabled={act.isPending}
                onClick={() => act.mutate({ deed: 'heed', run: () => heed(of.id), said: t('recon.heeded') })}
              >
                {t('recon.heed')}
              </Button>
            ) : (
              <>
                <TextInput
                  label={t('recon.ignoreReason')}
                  placeholder={t('recon.ignoreReason.hint')}
                  value={reason}
                  onChange={(event) => setReason(event.currentTarget.value)}
                />
                <Button
                  variant="default"
                  loading={pending === 'ignore'}
                  disabled={reason.trim().length < 3 || act.isPending || underRepair}
                  onClick={() =>
                    act.mutate({ deed: 'ignore', run: () => ignore(of.id, reason.trim()), said: t('recon.ignored') })
                  }
                >
                  {t('recon.ignore')}
                </Button>
              </>
            )}
            {form && of.subject_id && (
              <ButtonLink
                to="/subscribers/$key"
                params={{ key: of.subject_id }}
                search={form.search}
                data-testid="advised"
              >
                {form.label}
              </ButtonLink>
            )}
            {of.fix && (
              <Button
                loading={pending === 'repair'}
                disabled={act.isPending || underRepair || repairRun.isLoading}
                onClick={() => act.mutate({ deed: 'repair', run: () => repair(of), said: t('recon.repairing') })}
                data-testid="repair"
              >
                {t('recon.repair')}
              </Button>
            )}
          </Group>
        )}
      </Group>
    </Stack>
  );
}
