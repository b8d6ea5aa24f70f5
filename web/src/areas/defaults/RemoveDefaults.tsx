import { Button, Group, List, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { facts } from './inherit';
import { createDefaults, type Defaults, removeDefaults, useDefaultsChanged } from './queries';
import { told, useInherited, useScopeName } from './words';

type Props = { of: Defaults; all: Defaults[]; onClose: () => void };

/** Says what new lines would get without them, asks once, and offers the way back. */
export function RemoveDefaults({ of, all, onClose }: Props) {
  const refresh = useDefaultsChanged();
  const inherited = useInherited(all);
  const scope = useScopeName()(of);
  const becomes = facts
    .filter((fact) => of[fact] !== null)
    .map((fact) => ({ fact, after: inherited(of, fact, of) }))
    .filter(({ fact, after }) => after.value !== of[fact]);
  const restore = async () => {
    const { id: _, version: __, updated_at: ___, bandwidth_profile_name: ____, ...fields } = of;
    await createDefaults(fields);
    await refresh();
    notifications.show({ message: t('defaults.restored', { scope }) });
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('defaults.removeTitle', { scope })}
      confirm={t('do.delete')}
      destructive
      run={async () => {
        await removeDefaults(of);
        notifications.show({ message: <Removed scope={scope} onUndo={restore} />, autoClose: 15_000 });
        await refresh();
      }}
    >
      {becomes.length === 0 ? (
        t('defaults.removeSame')
      ) : (
        <>
          {t('defaults.removeText', { scope })}
          <List size="sm" mt="xs" data-testid="becomes">
            {becomes.map(({ fact, after }) => (
              <List.Item key={fact}>
                {t('defaults.becomes', {
                  fact: t(`defaults.${fact}`),
                  before: told(fact, of[fact]),
                  after: told(fact, after.value),
                  source: after.source,
                })}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </ConfirmDialog>
  );
}

function Removed({ scope, onUndo }: { scope: string; onUndo: () => Promise<void> }) {
  const undo = async () => {
    notifications.clean();
    await onUndo();
  };
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{t('defaults.removed', { scope })}</Text>
      <Button size="compact-sm" variant="default" onClick={undo}>
        {t('defaults.undo')}
      </Button>
    </Group>
  );
}
