import { Button, Radio, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { Fault } from '../../api/problem';
import type { Reply } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { FormProblem } from '../../shared/form/FormProblem';
import { showFaults } from '../../shared/form/faults';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';

type CoaSettings = Reply<'/api/v1/radius/coa/settings', 'get'>;
const transports = ['direct', 'radclient', 'http'] as const;
const key = ['coa', 'settings'];

/** What carries Disconnect- and CoA-Requests to the NAS. An HTTP proxy is tried by the server before it is kept. */
export function CoaCard() {
  const settings = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/coa/settings', { signal })),
    refetchOnWindowFocus: false,
  });
  return (
    <Card title={t('settings.coa')}>
      {settings.isError && <ProblemAlert error={settings.error} onRetry={() => settings.refetch()} />}
      {settings.data ? (
        <Loaded key={JSON.stringify(settings.data)} settings={settings.data} />
      ) : (
        !settings.isError && <Skeleton height={160} />
      )}
    </Card>
  );
}

function Loaded({ settings }: { settings: CoaSettings }) {
  const mayWrite = useCan('isp.radius.write');
  const queries = useQueryClient();
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const form = useForm({
    initialValues: { transport: settings.transport, proxy_url: settings.proxy_url ?? '', proxy_token: '' },
  });
  const isHttp = form.values.transport === 'http';
  const save = useMutation({
    mutationFn: ({ transport, proxy_url, proxy_token }: typeof form.values) =>
      take(
        api.PUT('/api/v1/radius/coa/settings', {
          body: isHttp ? { transport, proxy_url: proxy_url || null, proxy_token: proxy_token || null } : { transport },
        }),
      ),
    onSuccess: async () => {
      notifications.show({ message: t(isHttp ? 'settings.coa.tested' : 'settings.saved'), color: 'teal' });
      await queries.invalidateQueries({ queryKey: key });
    },
    onError: (error) => setUnplaced(showFaults(form, error)),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="sm" maw={560}>
        {save.isError && <FormProblem error={save.error} unplaced={unplaced} />}
        <Radio.Group label={t('settings.coa.transport')} {...form.getInputProps('transport')}>
          <Stack gap="xs" mt="xs">
            {transports.map((value) => (
              <Radio
                key={value}
                value={value}
                disabled={!mayWrite}
                label={t(`settings.coa.${value}`)}
                description={t(`settings.coa.${value}.hint`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {isHttp && (
          <>
            <TextInput
              {...form.getInputProps('proxy_url')}
              name="proxy_url"
              label={t('settings.coa.proxy_url')}
              placeholder="https://coa.example.net/radius"
              required
              readOnly={!mayWrite}
              autoComplete="off"
              spellCheck={false}
            />
            <TextInput
              {...form.getInputProps('proxy_token')}
              name="proxy_token"
              label={t('settings.coa.proxy_token')}
              description={settings.has_proxy_token ? t('settings.coa.proxy_token.keep') : undefined}
              readOnly={!mayWrite}
              autoComplete="off"
              spellCheck={false}
              classNames={{ input: 'mono' }}
            />
            {settings.tested_at && (
              <Text size="xs" c="dimmed">
                {t('settings.coa.tested_at')} <Time at={settings.tested_at} />
              </Text>
            )}
          </>
        )}
        {mayWrite && (
          <Button type="submit" loading={save.isPending} style={{ alignSelf: 'start' }}>
            {t(isHttp ? 'settings.coa.test' : 'do.save')}
          </Button>
        )}
      </Stack>
    </form>
  );
}
