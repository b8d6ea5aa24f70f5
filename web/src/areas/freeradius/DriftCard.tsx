import { Button, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { lookup, t, tn } from '../../messages';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';

/** What FreeRADIUS's tables hold otherwise than the records say, and the mend. */
export function DriftCard() {
  const mayWrite = useCan('isp.radius.write');
  const queries = useQueryClient();
  const drift = useQuery({
    queryKey: ['freeradius', 'drift'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/freeradius/drift', { signal })),
  });
  const repair = useMutation({
    mutationFn: () => take(api.POST('/api/v1/radius/freeradius/repair')),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['freeradius'] }),
  });
  const of = drift.data;
  return (
    <Card
      title={t('drift.title')}
      data-testid="drift"
      actions={
        <>
          <Button size="xs" variant="default" loading={drift.isFetching} onClick={() => drift.refetch()}>
            {t('drift.compare')}
          </Button>
          {mayWrite && of && of.total > 0 && (
            <Button size="xs" loading={repair.isPending} onClick={() => repair.mutate()}>
              {t('drift.repair')}
            </Button>
          )}
        </>
      }
    >
      {drift.isError && <ProblemAlert error={drift.error} onRetry={() => drift.refetch()} />}
      {repair.isError && <ProblemAlert error={repair.error} />}
      {drift.isPending && <Skeleton height={72} />}
      {of && (
        <Stack gap="xs">
          <Text size="sm" role="status">
            {of.total === 0 ? (
              <State tone="ok">{t('drift.none')}</State>
            ) : (
              <State tone="warn">{tn('drift.some', of.total)}</State>
            )}{' '}
            <Text span c="dimmed" size="sm">
              {t('drift.compared', { logins: count(of.logins) })} <Time at={of.at} show="age" />
              {repair.data && `. ${t('drift.repaired', { total: count(repair.data.total) })}`}
            </Text>
          </Text>
          {of.items.length > 0 && (
            <Table.ScrollContainer
              minWidth={440}
              scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('drift.title'), role: 'group' } }}
            >
              <Table fz="xs" horizontalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('drift.table')}</Table.Th>
                    <Table.Th>{t('drift.name')}</Table.Th>
                    <Table.Th>{t('drift.problem')}</Table.Th>
                    <Table.Th>{t('drift.attributes')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {of.items.map((item) => (
                    <Table.Tr key={`${item.table}${item.id}${item.problem}`}>
                      <Table.Td className="mono">{item.table}</Table.Td>
                      <Table.Td>{item.name}</Table.Td>
                      <Table.Td>{lookup(`drift.${item.problem}`) ?? item.problem}</Table.Td>
                      <Table.Td className="mono">{item.attributes.join(', ')}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Stack>
      )}
    </Card>
  );
}
