import { Button, Center, Image, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import { t } from '../../messages';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Secret } from '../../shared/Secret';

type Props = { onClose: () => void; onCodes: (codes: string[]) => void };

/** Shows the key as a picture, and is done only when the app's code proves that it was taken. */
export function TotpSetup({ onClose, onCodes }: Props) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const setup = useQuery({
    queryKey: ['totp-setup'],
    queryFn: () => take(api.POST('/api/v1/auth/totp/setup')),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const confirm = useMutation({
    mutationFn: () => take(api.POST('/api/v1/auth/totp/confirm', { body: { code: code.replaceAll(/\s/g, '') } })),
    onSuccess: async (made) => {
      onCodes(made.recovery_codes);
      onClose();
      notifications.show({ message: t('account.totpDone'), color: 'teal' });
      await queries.invalidateQueries({ queryKey: ['me'] });
    },
  });

  return (
    <Modal opened onClose={onClose} title={t('account.totpSetup')}>
      {setup.isError && <ProblemAlert error={setup.error} onRetry={() => setup.refetch()} />}
      {setup.isPending && <Skeleton height={260} />}
      {setup.data && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            confirm.mutate();
          }}
        >
          <Stack gap="sm">
            <Text size="sm">{t('account.totpScan')}</Text>
            <Center>
              <Image
                src={`data:image/svg+xml;utf8,${encodeURIComponent(setup.data.qr_svg)}`}
                alt={t('account.qr')}
                w={200}
                h={200}
                bg="white"
                p={8}
              />
            </Center>
            <Secret label={t('account.totpKey')} value={setup.data.secret} />
            {confirm.isError && <ProblemAlert error={confirm.error} />}
            <TextInput
              label={t('account.totpCode')}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              withAsterisk={false}
              data-autofocus
              classNames={{ input: 'mono' }}
              value={code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
                confirm.reset();
              }}
            />
            <Button type="submit" loading={confirm.isPending}>
              {t('account.totpConfirm')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
