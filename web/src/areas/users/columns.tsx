import { Group } from '@mantine/core';
import type { User } from '../../api/types';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';

const roles = (user: User) => user.roles.map((role) => role.name).join(', ');

export const userColumns: Column<User>[] = [
  {
    key: 'name',
    label: t('users.col.name'),
    value: (row) => row.full_name,
    render: (row) => (
      <TextLink to="/users" search={(now) => ({ ...now, edit: row.id })} fw={550} size="sm">
        {row.full_name}
      </TextLink>
    ),
  },
  { key: 'email', label: t('users.col.email'), from: 'sm', value: (row) => row.email },
  { key: 'roles', label: t('users.col.roles'), value: roles },
  {
    key: 'state',
    label: t('users.col.state'),
    value: (row) => row.is_active,
    render: (row) => (
      <Group gap={4} wrap="nowrap">
        <State tone={row.is_active ? 'idle' : 'warn'}>{row.is_active ? t('user.active') : t('user.inactive')}</State>
        {row.is_locked && <State tone="bad">{t('user.locked')}</State>}
      </Group>
    ),
  },
  {
    key: 'totp',
    label: t('users.col.totp'),
    from: 'md',
    value: (row) => row.totp_enabled,
    render: (row) => (row.totp_enabled ? t('account.totpOn') : t('account.totpOff')),
  },
  {
    key: 'lastLogin',
    label: t('users.col.lastLogin'),
    from: 'md',
    value: (row) => row.last_login_at,
    render: (row) => <Time at={row.last_login_at} show="age" />,
  },
  {
    key: 'created',
    label: t('users.col.created'),
    optional: true,
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
];
