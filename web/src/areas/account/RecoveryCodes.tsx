import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { t } from '../../messages';
import { CopyAction } from '../../shared/CopyAction';

/** Shown once; it closes only on the button, so that a stray click does not lose them. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const all = codes.join('\n');
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('account.codes')}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">{t('account.codesLead')}</Text>
        <Group align="flex-start" wrap="nowrap">
          <Code block fz="md" style={{ flex: 1 }} data-testid="recovery-codes">
            {all}
          </Code>
          <CopyAction value={all} />
        </Group>
        <Button onClick={onClose} data-autofocus>
          {t('account.codesKept')}
        </Button>
      </Stack>
    </Modal>
  );
}
