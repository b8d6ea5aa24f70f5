import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { Time } from '../../shared/time';
import { type Chain, chainsQuery, kindName } from './queries';

const jobsOf = (row: Chain) => row.links.map((link) => kindName(link.kind)).join(' → ');

/** Chains: jobs that are done one after the other. */
export function ChainsList({ empty }: { empty: ReactNode }) {
  const list = useQuery(chainsQuery);
  return (
    <DataList
      name={t('jobs.chains')}
      columns={columns}
      query={list as never}
      empty={
        <Empty title={t('jobs.noChain')} action={empty}>
          {t('jobs.noChainHint')}
        </Empty>
      }
    />
  );
}

const columns: Column<Chain>[] = [
  {
    key: 'name',
    label: t('jobs.name'),
    value: (row) => row.name,
    render: (row) => (
      <TextLink to="/provisioning/jobs" search={{ tab: 'chains', chain: row.id }} size="sm" fw={550}>
        {row.name}
      </TextLink>
    ),
  },
  { key: 'links', label: t('jobs.links'), value: jobsOf },
  {
    key: 'stop',
    label: t('jobs.stopOnFailure'),
    from: 'sm',
    value: (row) => (row.stop_on_failure ? t('jobs.stops') : t('jobs.goesOn')),
  },
  { key: 'by', label: t('run.startedBy'), from: 'md', value: (row) => row.created_by },
  {
    key: 'created',
    label: t('jobs.created'),
    from: 'md',
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
];
