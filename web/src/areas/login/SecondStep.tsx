import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../messages';

type Code = { totp_code: string } | { recovery_code: string };
type Props = { busy: boolean; onEdit: () => void; onCode: (code: Code) => void; onStartOver: () => void };

export function SecondStep({ busy, onEdit, onCode, onStartOver }: Props) {
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState('');

  const type = (typed: string) => {
    setCode(typed);
    onEdit();
  };
  const swap = () => {
    setRecovery(!recovery);
    type('');
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const plain = code.replaceAll(/\s/g, '');
        onCode(recovery ? { recovery_code: plain } : { totp_code: plain });
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {recovery ? t('login.recoveryLead') : t('login.totpLead')}
        </Text>
        <TextInput
          key={String(recovery)}
          label={recovery ? t('login.recovery') : t('login.totp')}
          name={recovery ? 'recovery_code' : 'totp_code'}
          autoComplete={recovery ? 'off' : 'one-time-code'}
          inputMode={recovery ? 'text' : 'numeric'}
          classNames={{ input: 'mono' }}
          required
          withAsterisk={false}
          autoFocus
          value={code}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} size="md">
          {t('login.verify')}
        </Button>
        <Group justify="space-between" gap="xs">
          <Anchor component="button" type="button" size="sm" onClick={swap}>
            {recovery ? t('login.useTotp') : t('login.useRecovery')}
          </Anchor>
          <Anchor component="button" type="button" size="sm" onClick={onStartOver}>
            {t('login.startOver')}
          </Anchor>
        </Group>
      </Stack>
    </form>
  );
}
