import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from '@tabler/icons-react';
import type { Page } from '../../api/types';
import { t, tn } from '../../messages';
import { count } from '../format';
import type { Paging } from './usePaging';

export function Pager({ page, paging }: { page: Page<unknown> | undefined; paging: Paging }) {
  const shown = page?.items.length ?? 0;
  const total = page?.total;
  return (
    <Group justify="space-between" px="sm" py={8} gap="xs">
      <Text size="xs" c="dimmed" aria-live="polite" data-testid="row-count">
        {total == null ? tn('list.rows', shown) : t('list.ofTotal', { count: count(shown), total: count(total) })}
      </Text>
      {(paging.first || paging.next) && (
        <Button.Group>
          <Button
            variant="default"
            size="xs"
            aria-label={t('list.first')}
            disabled={!paging.first}
            onClick={paging.first}
          >
            <IconChevronsLeft size={16} aria-hidden />
          </Button>
          <Button
            variant="default"
            size="xs"
            aria-label={t('list.previous')}
            disabled={!paging.previous}
            onClick={paging.previous}
          >
            <IconChevronLeft size={16} aria-hidden />
          </Button>
          <Button variant="default" size="xs" aria-label={t('list.next')} disabled={!paging.next} onClick={paging.next}>
            <IconChevronRight size={16} aria-hidden />
          </Button>
        </Button.Group>
      )}
    </Group>
  );
}
