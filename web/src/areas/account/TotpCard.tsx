import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { api, take } from '../../api/client';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { State } from '../../shared/State';
import { PasswordGate } from './PasswordGate';
import { RecoveryCodes } from './RecoveryCodes';
import { TotpSetup } from './TotpSetup';

type Doing = 'setup' | 'disable' | 'codes';

/** The second step of signing in: set up, renew the recovery codes, turn off. */
export function TotpCard({ enabled }: { enabled: boolean }) {
  const [doing, setDoing] = useState<Doing>();
  const [codes, setCodes] = useState<string[]>();
  const close = () => setDoing(undefined);

  return (
    <Card
      title={t('account.totp')}
      actions={<State tone={enabled ? 'ok' : 'warn'}>{enabled ? t('account.totpOn') : t('account.totpOff')}</State>}
      data-testid="totp"
    >
      <Text size="sm" c="dimmed" mb="sm">
        {enabled ? t('account.totpOnLead') : t('account.totpLead')}
      </Text>
      <Group gap="xs">
        {!enabled && <Button onClick={() => setDoing('setup')}>{t('account.totpSetup')}</Button>}
        {enabled && (
          <>
            <Button variant="default" onClick={() => setDoing('codes')}>
              {t('account.totpNewCodes')}
            </Button>
            <Button variant="default" onClick={() => setDoing('disable')}>
              {t('account.totpDisable')}
            </Button>
          </>
        )}
      </Group>
      {doing === 'setup' && <TotpSetup onClose={close} onCodes={setCodes} />}
      {doing === 'disable' && (
        <PasswordGate
          title={t('account.totpDisable')}
          text={t('account.totpDisableText')}
          run={(password) => take(api.POST('/api/v1/auth/totp/disable', { body: { password } }))}
          onClose={close}
        />
      )}
      {doing === 'codes' && (
        <PasswordGate
          title={t('account.totpNewCodes')}
          text={t('account.totpNewCodesText')}
          run={async (password) => {
            const made = await take(api.POST('/api/v1/auth/totp/recovery-codes', { body: { password } }));
            setCodes(made.recovery_codes);
          }}
          onClose={close}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  );
}
