import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { t, tn } from '../../messages';
import { ButtonLink } from '../../shared/links';

type Props = { profile: string; sessions: number; onClose: () => void };

/** After a change of a profile's rates: sessions that run with the old ones can be told at once. */
export const OfferRun = ({ profile, sessions, onClose }: Props) => (
  <Modal opened onClose={onClose} title={t('profile.offer')}>
    <Stack>
      <Text size="sm">{tn('profile.offerText', sessions)}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('profile.offerLater')}
        </Button>
        <ButtonLink to="/coa" search={{ create: true, kind: 'rate', profile }} data-testid="offer-run">
          {t('profile.offerDo')}
        </ButtonLink>
      </Group>
    </Stack>
  </Modal>
);
