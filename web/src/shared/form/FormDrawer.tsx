import { Button, Drawer, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { t } from '../../messages';

type Props = {
  title: string;
  /** Something was filled in: it is not thrown away without a question. */
  dirty: boolean;
  onClose: () => void;
  /** `leave` closes like every other way out of the drawer. */
  children: (leave: () => void) => ReactNode;
};

/** The drawer of a form. A stray click, Escape, the cross and Cancel all ask before what was filled in is lost. */
export function FormDrawer({ title, dirty, onClose, children }: Props) {
  const [asking, setAsking] = useState(false);
  const leave = () => (dirty ? setAsking(true) : onClose());
  return (
    <>
      <Drawer opened onClose={leave} title={title} position="right" size="lg" closeOnEscape={!asking}>
        {children(leave)}
      </Drawer>
      {/* Mounted only when it asks: else the key that opens it would close it in the same breath. */}
      {asking && (
        <Modal opened onClose={() => setAsking(false)} title={t('form.discardTitle')} zIndex={300}>
          <Stack>
            <Text size="sm">{t('form.discardText')}</Text>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
                {t('form.keep')}
              </Button>
              <Button color="red.8" onClick={onClose} data-testid="discard">
                {t('form.discard')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}
