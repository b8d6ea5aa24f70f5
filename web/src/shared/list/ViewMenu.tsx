import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../../messages';
import classes from './ViewMenu.module.css';
import { sameView, useSavedViews, viewOf } from './views';

type Props = {
  list: string;
  search: object;
  columns?: string[];
  onOpen: (search: Record<string, unknown>, columns: string[] | undefined) => void;
};

/** Saves the filters, sort and columns on screen under a name, and brings them back. */
export function ViewMenu({ list, search, columns, onOpen }: Props) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const { views, save, remove } = useSavedViews(list);
  const present = views.find((view) => sameView(view.search, search));
  const keep = () => {
    if (name.trim()) {
      save({ name: name.trim(), search: viewOf(search), columns });
      setName('');
    }
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus width={280}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} aria-hidden />}
          onClick={() => setOpened((now) => !now)}
          data-testid="views"
        >
          {present?.name ?? t('view.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('view.title')}>
        <Stack gap="xs">
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('view.none')}
            </Text>
          )}
          {views.length > 0 && (
            <ul className={classes.list} aria-label={t('view.title')}>
              {views.map((view) => (
                <li key={view.name} className={classes.row}>
                  <UnstyledButton
                    className={classes.view}
                    aria-current={view === present ? 'true' : undefined}
                    onClick={() => {
                      setOpened(false);
                      onOpen(view.search, view.columns);
                    }}
                  >
                    {view.name}
                  </UnstyledButton>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('view.remove', { name: view.name })}
                    onClick={() => remove(view.name)}
                  >
                    <IconTrash size={15} aria-hidden />
                  </ActionIcon>
                </li>
              ))}
            </ul>
          )}
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <TextInput
              label={t('view.name')}
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && keep()}
              style={{ flex: 1 }}
            />
            <Button variant="default" onClick={keep} disabled={!name.trim()}>
              {t('do.save')}
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            {t('view.here')}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
