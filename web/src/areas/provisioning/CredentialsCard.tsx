import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Secret } from '../../shared/Secret';
import { credentialsOf, forgetCredentials } from './credentials';
import type { Run } from './queries';

/** Credentials of a line that was ordered here a moment ago. They live in memory alone: a reload forgets them. */
export function CredentialsCard({ run }: { run: Run }) {
  const [shown, setShown] = useState(() => credentialsOf(run.id));
  if (!shown) {
    return null;
  }
  return (
    <Card title={t('order.credentials')} data-testid="credentials">
      <Stack gap="xs">
        <Text size="sm">{t('order.credentials.once')}</Text>
        <Secret label={t('order.username')} value={shown.username} />
        <Secret label={t('order.password')} value={shown.password} />
        <Button
          variant="default"
          onClick={() => {
            forgetCredentials(run.id);
            setShown(undefined);
          }}
        >
          {t('do.done')}
        </Button>
      </Stack>
    </Card>
  );
}
