import { ActionIcon, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Role } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { roleColumns } from './columns';
import { deleteRole, rolesQuery, useRolesChanged } from './queries';
import { CreateRole, EditRole } from './RoleEditor';

const route = getRouteApi('/app/roles');

export function RolesPage() {
  const { cursor, create, edit } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('roles.write');
  const list = useQuery(rolesQuery(cursor));
  const changed = useRolesChanged();
  const [doomed, setDoomed] = useState<Role>();
  const close = () => navigate({ search: (now) => ({ ...now, create: undefined, edit: undefined }) });
  const remove = async (role: Role) => {
    await deleteRole(role);
    notifications.show({ message: t('role.deleted', { name: role.name }) });
    await changed();
  };

  return (
    <Page
      title={t('roles.title')}
      lead={t('roles.lead')}
      actions={
        mayWrite && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
          >
            {t('roles.create')}
          </Button>
        )
      }
    >
      <DataList
        name={t('roles.title')}
        columns={roleColumns}
        query={list}
        cursor={cursor}
        empty={<Empty title={t('roles.empty')} />}
        rowActions={(role) =>
          mayWrite &&
          !role.is_system && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('role.remove', { name: role.name })}
              onClick={() => setDoomed(role)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )
        }
      />
      {create && mayWrite && <CreateRole onClose={close} />}
      {edit && <EditRole key={edit} id={edit} onClose={close} />}
      {doomed && (
        <ConfirmDialog
          opened
          onClose={() => setDoomed(undefined)}
          title={t('role.deleteTitle', { name: doomed.name })}
          confirm={t('do.delete')}
          destructive
          run={() => remove(doomed)}
        >
          {t('role.deleteText', { count: doomed.user_count })}
        </ConfirmDialog>
      )}
    </Page>
  );
}
