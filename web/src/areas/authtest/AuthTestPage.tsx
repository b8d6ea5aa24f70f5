import { Grid } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Page } from '../../shared/Page';
import { AuthTestForm } from './AuthTestForm';
import { Verdict } from './Verdict';

export type Question = Body<'/api/v1/radius/test/auth', 'post'>;

/** Asks the decision a question by hand, as a NAS would, and shows what the NAS would be told. */
export function AuthTestPage() {
  const run = useMutation({
    mutationFn: (body: Question) => take(api.POST('/api/v1/radius/test/auth', { body })),
  });
  return (
    <Page title={t('authTest.title')} lead={t('authTest.lead')}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Card title={t('authTest.question')}>
            <AuthTestForm error={run.error} pending={run.isPending} onAsk={run.mutate} />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Card title={t('authTest.answer')} data-testid="verdict">
            <Verdict answer={run.data} asked={run.variables} failure={run.error} />
          </Card>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
