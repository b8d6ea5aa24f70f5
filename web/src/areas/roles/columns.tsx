import { Group } from '@mantine/core';
import type { Role } from '../../api/types';
import { t } from '../../messages';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { State } from '../../shared/State';

export const roleColumns: Column<Role>[] = [
  {
    key: 'name',
    label: t('roles.col.name'),
    value: (row) => row.name,
    render: (row) => (
      <Group gap={8}>
        <TextLink to="/roles" search={(now) => ({ ...now, edit: row.id })} fw={550} size="sm">
          {row.name}
        </TextLink>
        {row.is_system && <State tone="idle">{t('role.system')}</State>}
      </Group>
    ),
  },
  { key: 'description', label: t('roles.col.description'), from: 'sm', value: (row) => row.description },
  {
    key: 'permissions',
    label: t('roles.col.permissions'),
    align: 'right',
    value: (row) => row.permissions.length,
  },
  {
    key: 'users',
    label: t('roles.col.users'),
    align: 'right',
    value: (row) => row.user_count,
    render: (row) => count(row.user_count),
  },
];
