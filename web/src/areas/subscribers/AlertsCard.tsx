import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';

/** Sign-ons from another line than the subscriber's own. Not there at all where none was seen. */
export function AlertsCard({ id }: { id: string }) {
  const alerts = useQuery({
    queryKey: ['subscriber', 'alerts', id],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/subscribers/{key}/alerts', { params: { path: { key: id }, query: { limit: 10 } }, signal }),
      ),
    refetchInterval: 30_000,
  });
  const items = alerts.data?.items ?? [];
  if (items.length === 0 && !alerts.isError) {
    return null;
  }
  const pair = (expected: string | null, actual: string | null) =>
    expected && t('alerts.pair', { expected, actual: actual ?? t('is.none') });
  return (
    <Card title={t('alerts.title')} data-testid="alerts">
      {alerts.isError && <ProblemAlert error={alerts.error} onRetry={() => alerts.refetch()} />}
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('alerts.lead')}
        </Text>
        <Table.ScrollContainer
          minWidth={420}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('alerts.title'), role: 'group' } }}
        >
          <Table fz="xs" horizontalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('alerts.last')}</Table.Th>
                <Table.Th>{t('decisions.col.code')}</Table.Th>
                <Table.Th>{t('alerts.ids')}</Table.Th>
                <Table.Th>{t('session.nas')}</Table.Th>
                <Table.Th ta="right">{t('alerts.times')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((alert) => (
                <Table.Tr key={alert.id}>
                  <Table.Td>
                    <Time at={alert.last_at} show="age" />
                  </Table.Td>
                  <Table.Td>
                    {lookup(`decision.${alert.code}`) ?? alert.code} (
                    {t(alert.outcome === 'accept' ? 'alerts.letIn' : 'alerts.rejected')})
                  </Table.Td>
                  <Table.Td className="mono">
                    <div>{pair(alert.expected_circuit_id, alert.actual_circuit_id)}</div>
                    <div>{pair(alert.expected_remote_id, alert.actual_remote_id)}</div>
                  </Table.Td>
                  <Table.Td>{alert.nas?.shortname}</Table.Td>
                  <Table.Td ta="right">{count(alert.count)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
    </Card>
  );
}
