import { Button, NumberInput, Skeleton, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, take } from '../../api/client';
import type { Fault } from '../../api/problem';
import type { Reply } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { FormProblem } from '../../shared/form/FormProblem';
import { showFaults } from '../../shared/form/faults';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';

type Retention = Reply<'/api/v1/radius/accounting/retention', 'get'>;
const key = ['radius', 'retention'];

/** How long sessions and hourly volumes are kept. Keeping them shorter removes what is older, so it is asked first. */
export function RetentionCard() {
  const retention = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/accounting/retention', { signal })),
    refetchOnWindowFocus: false,
  });
  return (
    <Card title={t('settings.retention')}>
      {retention.isError && <ProblemAlert error={retention.error} onRetry={() => retention.refetch()} />}
      {retention.data ? (
        <Loaded key={retention.data.version} retention={retention.data} />
      ) : (
        !retention.isError && <Skeleton height={160} />
      )}
    </Card>
  );
}

function Loaded({ retention }: { retention: Retention }) {
  const mayWrite = useCan('isp.radius.write');
  const queries = useQueryClient();
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const [asking, setAsking] = useState(false);
  const form = useForm({
    initialValues: { sessions_months: retention.sessions_months, hourly_days: retention.hourly_days },
  });
  const save = useMutation({
    mutationFn: (body: typeof form.values) =>
      take(api.PUT('/api/v1/radius/accounting/retention', { body, headers: ifMatch(retention.version) })),
    onSuccess: async () => {
      notifications.show({ message: t('settings.saved'), color: 'teal' });
      await queries.invalidateQueries({ queryKey: key });
    },
    onError: (error) => setUnplaced(showFaults(form, error)),
  });
  const { sessions_months: months, hourly_days: days } = form.values;
  const isShorter = months < retention.sessions_months || days < retention.hourly_days;
  return (
    <form onSubmit={form.onSubmit((values) => (isShorter ? setAsking(true) : save.mutate(values)))}>
      <Stack gap="sm" maw={420}>
        {save.isError && <FormProblem error={save.error} unplaced={unplaced} />}
        <NumberInput
          {...form.getInputProps('sessions_months')}
          name="sessions_months"
          label={t('settings.retention.sessions_months')}
          description={t('settings.retention.sessions_months.hint')}
          readOnly={!mayWrite}
          hideControls
          allowDecimal={false}
          clampBehavior="none"
        />
        <NumberInput
          {...form.getInputProps('hourly_days')}
          name="hourly_days"
          label={t('settings.retention.hourly_days')}
          description={t('settings.retention.hourly_days.hint')}
          readOnly={!mayWrite}
          hideControls
          allowDecimal={false}
          clampBehavior="none"
        />
        <Text size="xs" c="dimmed">
          {t('settings.retention.forGood')}
        </Text>
        {mayWrite && (
          <Button type="submit" loading={save.isPending} style={{ alignSelf: 'start' }}>
            {t('do.save')}
          </Button>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('settings.retention.shorter')}
        confirm={t('settings.retention.shorterDo')}
        destructive
        run={async () => save.mutate(form.values)}
      >
        {t('settings.retention.shorterText')}
      </ConfirmDialog>
    </form>
  );
}
