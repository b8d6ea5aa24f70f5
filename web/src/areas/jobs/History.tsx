import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { took } from '../provisioning/run';
import { JobStatus } from './JobStatus';
import { historyQuery, type Job } from './queries';

const lasted = (job: Job) =>
  job.started_at && job.finished_at ? took(Date.parse(job.finished_at) - Date.parse(job.started_at)) : '';

/** What was begun, newest first: each is a run. */
export function History({ of }: { of: { schedule_id?: string; chain_run_id?: string } }) {
  const jobs = useQuery(historyQuery(of));
  if (jobs.isError) {
    return <ProblemAlert error={jobs.error} onRetry={() => jobs.refetch()} />;
  }
  if (jobs.data?.items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('jobs.noHistory')}
      </Text>
    );
  }
  return (
    <Table fz="sm" aria-label={t('jobs.history')} data-testid="history">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('jobs.fired')}</Table.Th>
          <Table.Th>{t('jobs.result')}</Table.Th>
          <Table.Th ta="right">{t('run.took')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.data?.items.map((job) => (
          <Table.Tr key={job.id}>
            <Table.Td>
              <Time at={job.fired_at} />
            </Table.Td>
            <Table.Td>
              <JobStatus status={job.status} run={job.id} />
              {job.error_message && (
                <Text size="xs" c="var(--dm-bad)">
                  {job.error_message}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="right">{lasted(job)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
