import { Alert, Grid, Stack } from '@mantine/core';
import { t } from '../../messages';
import { useMe } from '../../shared/me';
import { Page } from '../../shared/Page';
import { PasswordCard } from './PasswordCard';
import { SessionsCard } from './SessionsCard';
import { TotpCard } from './TotpCard';

export function AccountPage() {
  const me = useMe();
  return (
    <Page title={t('account.title')} lead={`${me.full_name} · ${me.email} · ${me.roles.join(', ')}`}>
      {me.must_change_password && (
        <Alert color="yellow" title={t('account.mustChange')}>
          {t('account.mustChangeHint')}
        </Alert>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <PasswordCard />
            {!me.must_change_password && <TotpCard enabled={me.totp_enabled} />}
          </Stack>
        </Grid.Col>
        {!me.must_change_password && (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <SessionsCard />
          </Grid.Col>
        )}
      </Grid>
    </Page>
  );
}
