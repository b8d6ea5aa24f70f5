import { Button, Code, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { Facts } from '../../shared/Facts';
import { count } from '../../shared/format';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { DriftCard } from './DriftCard';

const path = '/api/v1/radius/freeradius';

/** FreeRADIUS between the NAS and the platform: whether its tables are kept, and whether they are as they should be. */
export function FreeRadiusPage() {
  const mayWrite = useCan('isp.radius.write');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const status = useQuery({
    queryKey: ['freeradius'],
    queryFn: ({ signal }) => take(api.GET(path, { signal })),
    refetchInterval: 30_000,
  });
  const of = status.data;
  const toggle = async () => {
    const enabled = !of?.enabled;
    await take(api.PUT(path, { body: { enabled, vendor: of?.vendor } }));
    await queries.invalidateQueries({ queryKey: ['freeradius'] });
    notifications.show({ message: t(enabled ? 'freeradius.isOn' : 'freeradius.isOff') });
  };
  const button = mayWrite && of && (
    <Button variant={of.enabled ? 'default' : 'filled'} onClick={() => setAsking(true)}>
      {t(of.enabled ? 'freeradius.switchOff' : 'freeradius.switchOn')}
    </Button>
  );
  return (
    <Page title={t('freeradius.title')} lead={t('freeradius.lead')} actions={of?.enabled && button}>
      {status.isError && <ProblemAlert error={status.error} onRetry={() => status.refetch()} />}
      {status.isPending && <Skeleton height={200} />}
      {of && !of.enabled && (
        <Card>
          <Empty title={t('freeradius.off')} action={button}>
            {t('freeradius.offHint')}
          </Empty>
        </Card>
      )}
      {of?.enabled && (
        <>
          <Card title={t('freeradius.state')} data-testid="freeradius">
            <Facts
              of={[
                [
                  t('freeradius.tables'),
                  <State key="on" tone="ok">
                    {t('freeradius.kept')}
                  </State>,
                ],
                [
                  t('nas.field.vendor'),
                  of.vendor ? (lookup(`vendor.${of.vendor}`) ?? of.vendor) : t('freeradius.vendorAuto'),
                ],
                [t('freeradius.schema'), of.schema_name && <Code key="schema">{of.schema_name}</Code>],
                [t('freeradius.role'), of.role_name && <Code key="role">{of.role_name}</Code>],
                [t('freeradius.reconciled'), <Time key="at" at={of.reconciled_at} show="age" />],
                [t('freeradius.repaired'), count(of.repaired_rows)],
                [t('freeradius.waiting'), count(of.waiting_accounting)],
                [t('freeradius.refused'), of.refused_accounting > 0 && count(of.refused_accounting)],
              ]}
            />
            {of.refused_accounting > 0 && (
              <Text size="sm" mt="xs" c="var(--dm-warn)">
                {t('freeradius.refusedHint')}
              </Text>
            )}
          </Card>
          <DriftCard />
        </>
      )}
      <Card title={t('freeradius.ways')}>
        <Stack gap="xs">
          <List size="sm" spacing={6}>
            <List.Item>{t('freeradius.way.rest')}</List.Item>
            <List.Item>{t('freeradius.way.sql')}</List.Item>
          </List>
          <Group gap="xs">
            <Text size="sm">{t('freeradius.config')}</Text>
            <Code>dotmac freeradius config</Code>
          </Group>
        </Stack>
      </Card>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t(of?.enabled ? 'freeradius.switchOffTitle' : 'freeradius.switchOnTitle')}
        confirm={t(of?.enabled ? 'freeradius.switchOff' : 'freeradius.switchOn')}
        destructive={of?.enabled}
        run={toggle}
      >
        {t(of?.enabled ? 'freeradius.switchOffText' : 'freeradius.switchOnText')}
      </ConfirmDialog>
    </Page>
  );
}
