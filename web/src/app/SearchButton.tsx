import { Button, Kbd, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '../messages';

const SearchDialog = lazy(() => import('./SearchDialog').then((module) => ({ default: module.SearchDialog })));

/** Opens the search on click or Ctrl-K; its code is loaded the first time. */
export function SearchButton() {
  const [asked, setAsked] = useState(0);
  const open = () => setAsked((times) => times + 1);
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={open}
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm">
            Ctrl K
          </Kbd>
        }
        aria-keyshortcuts="Control+K"
      >
        <Text size="xs" inherit>
          {t('app.search')}
        </Text>
      </Button>
      {asked > 0 && (
        <Suspense>
          <SearchDialog asked={asked} />
        </Suspense>
      )}
    </>
  );
}
