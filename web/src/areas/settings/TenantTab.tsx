import { Button, Select, Skeleton, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, take } from '../../api/client';
import type { Fault } from '../../api/problem';
import type { Body, Reply } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { FormProblem } from '../../shared/form/FormProblem';
import { showFaults } from '../../shared/form/faults';
import { changed, toForm } from '../../shared/form/values';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { zones } from '../../shared/zones';

type Tenant = Reply<'/api/v1/tenant', 'get'>;
const names = ['name', 'time_zone', 'currency', 'locale'] as const;

export function TenantTab() {
  const tenant = useQuery({
    queryKey: ['tenant'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/tenant', { signal })),
    refetchOnWindowFocus: false,
  });
  if (tenant.isError) {
    return <ProblemAlert error={tenant.error} onRetry={() => tenant.refetch()} />;
  }
  return tenant.data ? <Loaded key={tenant.data.version} tenant={tenant.data} /> : <Skeleton height={300} />;
}

function Loaded({ tenant }: { tenant: Tenant }) {
  const mayWrite = useCan('settings.write');
  const queries = useQueryClient();
  const start = toForm(names, tenant);
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const form = useForm({ initialValues: start });
  const save = useMutation({
    mutationFn: (values: typeof start) =>
      take(
        api.PATCH('/api/v1/tenant', {
          body: changed(start, values) as Body<'/api/v1/tenant', 'patch'>,
          headers: tenant.version === undefined ? {} : ifMatch(tenant.version),
        }),
      ),
    onSuccess: async () => {
      notifications.show({ message: t('settings.saved'), color: 'teal' });
      await Promise.all(['tenant', 'me'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
    },
    onError: (error) => setUnplaced(showFaults(form, error)),
  });
  const bind = (name: (typeof names)[number]) => ({
    name,
    label: t(`settings.${name}`),
    readOnly: !mayWrite,
    ...form.getInputProps(name),
  });

  return (
    <Card title={t('settings.tenant')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm" maw={420}>
          {save.isError && <FormProblem error={save.error} unplaced={unplaced} />}
          <TextInput {...bind('name')} required />
          <Select
            {...bind('time_zone')}
            description={t('settings.time_zone.hint')}
            data={zones}
            searchable
            allowDeselect={false}
          />
          <TextInput {...bind('currency')} maxLength={3} />
          <TextInput {...bind('locale')} />
          {mayWrite && (
            <Button type="submit" loading={save.isPending} style={{ alignSelf: 'start' }}>
              {t('do.save')}
            </Button>
          )}
        </Stack>
      </form>
    </Card>
  );
}
