import { Button, List, Stack, Table, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lookup, t } from '../../messages';
import { AttributeTable } from '../../shared/AttributeTable';
import { Card } from '../../shared/Card';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Outcome } from './columns';
import { replayDecision } from './queries';

/** The same request against today's data: is it mended? */
export function ReplayCard({ id }: { id: string }) {
  const replay = useMutation({ mutationFn: () => replayDecision(id) });
  const answer = replay.data;
  return (
    <Card
      title={t('replay.title')}
      data-testid="replay"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          {t('replay.do')}
        </Button>
      }
    >
      {replay.isError && <ProblemAlert error={replay.error} />}
      {!answer && !replay.isError && (
        <Text size="sm" c="dimmed">
          {t('replay.hint')}
        </Text>
      )}
      {answer && (
        <Stack gap="xs" role="status">
          <div>
            <Outcome outcome={answer.today.result} />
          </div>
          <Text size="sm" fw={600}>
            {t(answer.same ? 'replay.same' : 'replay.differs')}:{' '}
            {lookup(`decision.${answer.today.code}`) ?? answer.today.code}
          </Text>
          <Text size="sm">{answer.today.detail}</Text>
          {answer.differences.length > 0 && (
            <Table fz="xs" aria-label={t('replay.differences')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('replay.what')}</Table.Th>
                  <Table.Th>{t('replay.then')}</Table.Th>
                  <Table.Th>{t('replay.today')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {answer.differences.map((one) => (
                  <Table.Tr key={one.what}>
                    <Table.Td>{one.what.replaceAll('_', ' ')}</Table.Td>
                    <Table.Td className="mono">{one.then}</Table.Td>
                    <Table.Td className="mono">{one.today}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
          {answer.assumptions.length > 0 && (
            <List size="xs" c="dimmed" aria-label={t('replay.assumptions')}>
              {answer.assumptions.map((one) => (
                <List.Item key={one}>{one}</List.Item>
              ))}
            </List>
          )}
          {answer.reply.length > 0 && <AttributeTable label={t('authTest.attributes')} attributes={answer.reply} />}
        </Stack>
      )}
    </Card>
  );
}
