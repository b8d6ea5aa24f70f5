import { Group } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../../messages';
import { SearchBox } from '../../shared/list/SearchBox';

const route = getRouteApi('/app/ipam');

type Props = { filters?: ReactNode; actions?: ReactNode };

/** Above a list of the plan: the search that the URL holds, what else narrows the list, and what can be done there. */
export function SearchBar({ filters, actions }: Props) {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const box = (
    <SearchBox
      label={t('ipam.search')}
      placeholder={t('ipam.search')}
      value={q}
      onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
    />
  );
  return (
    <Group justify="space-between">
      {filters ? (
        <Group gap="xs" style={{ flex: 1 }}>
          {box}
          {filters}
        </Group>
      ) : (
        box
      )}
      {actions}
    </Group>
  );
}
