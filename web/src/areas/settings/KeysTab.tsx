import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { ApiKey } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { type OneTimeSecret, SecretDialog } from '../../shared/SecretDialog';
import { CreateKey } from './CreateKey';
import { keyColumns } from './keyColumns';

const route = getRouteApi('/app/settings');

export function KeysTab() {
  const { create } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('api_keys.write');
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ['api-keys'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/api-keys', { params: { query: { limit: 500 } }, signal })),
  });
  const [doomed, setDoomed] = useState<ApiKey>();
  const [secret, setSecret] = useState<OneTimeSecret>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['api-keys'] });
  const revoke = async ({ id, name }: ApiKey) => {
    await take(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }));
    notifications.show({ message: t('keys.revoked', { name }) });
    await refresh();
  };
  const open = (on: boolean) => navigate({ search: (now) => ({ ...now, create: on || undefined }) });
  const createButton = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(true)}>
      {t('keys.create')}
    </Button>
  );

  return (
    <>
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed">
          {t('keys.lead')}
        </Text>
        {createButton}
      </Group>
      <DataList
        name={t('settings.keys')}
        columns={keyColumns}
        query={list}
        empty={<Empty title={t('keys.empty')}>{t('keys.emptyHint')}</Empty>}
        rowActions={(key) =>
          mayWrite && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('keys.revoke', { name: key.name })}
              onClick={() => setDoomed(key)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )
        }
      />
      {create && mayWrite && <CreateKey onClose={() => open(false)} onSecret={setSecret} onCreated={refresh} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
      {doomed && (
        <ConfirmDialog
          opened
          onClose={() => setDoomed(undefined)}
          title={t('keys.revokeTitle', { name: doomed.name })}
          confirm={t('keys.revokeDo')}
          destructive
          run={() => revoke(doomed)}
        >
          {t('keys.revokeText')}
        </ConfirmDialog>
      )}
    </>
  );
}
