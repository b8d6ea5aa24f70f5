import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { PlatformTenant } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { type OneTimeSecret, SecretDialog } from '../../shared/SecretDialog';
import { CreateTenant } from './CreateTenant';
import { tenantColumns } from './columns';

const route = getRouteApi('/app/platform/tenants');

export function TenantsPage() {
  const { cursor, create } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('platform.tenants.write');
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ['tenants', cursor],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/platform/tenants', { params: { query: { limit: 50, cursor } }, signal })),
  });
  const [turning, setTurning] = useState<PlatformTenant>();
  const [secret, setSecret] = useState<OneTimeSecret>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['tenants'] });
  const open = (on: boolean) => navigate({ search: (now) => ({ ...now, create: on || undefined }) });
  const label = (tenant: PlatformTenant) =>
    tenant.status === 'suspended' ? t('tenant.activate') : t('tenant.suspend');
  const turn = async ({ id, name, status }: PlatformTenant) => {
    const body = { status: status === 'suspended' ? ('active' as const) : ('suspended' as const) };
    await take(api.PATCH('/api/v1/platform/tenants/{id}', { params: { path: { id } }, body }));
    notifications.show({ message: t('tenant.saved', { name }) });
    await refresh();
  };

  return (
    <Page
      title={t('tenants.title')}
      lead={t('tenants.lead')}
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(true)}>
            {t('tenants.create')}
          </Button>
        )
      }
    >
      <DataList
        name={t('tenants.title')}
        columns={tenantColumns}
        query={list}
        cursor={cursor}
        empty={<Empty title={t('tenants.empty')} />}
        rowActions={(tenant) =>
          mayWrite && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('tenant.of', { action: label(tenant), name: tenant.name })}
              onClick={() => setTurning(tenant)}
            >
              {label(tenant)}
            </Button>
          )
        }
      />
      {create && mayWrite && <CreateTenant onClose={() => open(false)} onSecret={setSecret} onCreated={refresh} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
      {turning && (
        <ConfirmDialog
          opened
          onClose={() => setTurning(undefined)}
          title={t(turning.status === 'suspended' ? 'tenant.activateTitle' : 'tenant.suspendTitle', {
            name: turning.name,
          })}
          confirm={label(turning)}
          destructive={turning.status !== 'suspended'}
          run={() => turn(turning)}
        >
          {turning.status === 'suspended' ? t('tenant.activateText') : t('tenant.suspendText')}
        </ConfirmDialog>
      )}
    </Page>
  );
}
