import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { type OneTimeSecret, SecretDialog } from '../../shared/SecretDialog';
import { userColumns } from './columns';
import { usersPage, usersQuery } from './queries';
import { UserActions } from './UserActions';
import { CreateUser, EditUser } from './UserEditor';

const route = getRouteApi('/app/users');

export function UsersPage() {
  const { q, cursor, create, edit } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('users.write');
  const list = useQuery(usersQuery({ q, cursor }));
  const { visible, shown, setShown } = useColumnChoice('users', userColumns);
  const [secret, setSecret] = useState<OneTimeSecret>();
  const close = () => navigate({ search: (now) => ({ ...now, create: undefined, edit: undefined }) });

  return (
    <Page
      title={t('users.title')}
      lead={t('users.lead')}
      actions={
        mayWrite && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
          >
            {t('users.create')}
          </Button>
        )
      }
    >
      <Group justify="space-between" gap="xs">
        <SearchBox
          label={t('users.search')}
          placeholder={t('users.search')}
          value={q}
          onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
        />
        <Group gap="xs">
          <ColumnMenu columns={userColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="users"
            columns={visible}
            page={(next, signal) => usersPage({ q, cursor: next }, 500, signal)}
          />
        </Group>
      </Group>
      <DataList
        name={t('users.title')}
        columns={visible}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={<Empty title={t('users.empty')} />}
        rowActions={mayWrite ? (user) => <UserActions user={user} onSecret={setSecret} /> : undefined}
      />
      {create && mayWrite && <CreateUser onClose={close} onSecret={setSecret} />}
      {edit && mayWrite && <EditUser key={edit} id={edit} onClose={close} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </Page>
  );
}
