import { Select, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { useProfiles } from '../../shared/lookups';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { useSites } from '../provisioning/lookups';
import { facts } from './inherit';
import { type Defaults, resolvedQuery } from './queries';
import classes from './TryCard.module.css';
import { told, useInherited } from './words';

type Props = {
  all: Defaults[];
  plan?: string;
  site?: string;
  onChange: (part: { plan?: string; site?: string }) => void;
};

/** What a new line of a plan at a site would get, as the server decides it, and who says each of it. */
export function TryCard({ all, plan, site, onChange }: Props) {
  const [plans, sites] = [useProfiles(), useSites()];
  const resolved = useQuery(resolvedQuery(plan, site));
  const inherited = useInherited(all);
  const line = { bandwidth_profile_id: plan ?? null, site_id: site ?? null };
  const options = (of: { id: string; name: string }[]) => of.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Card title={t('defaults.try')} data-testid="try">
      <Text size="sm" c="dimmed" mb="xs">
        {t('defaults.try.hint')}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" maw={640}>
        <Select
          label={t('defaults.bandwidth_profile_id')}
          placeholder={t('defaults.try.anyPlan')}
          data={options(plans)}
          value={plan ?? null}
          onChange={(next) => onChange({ plan: next ?? undefined })}
          searchable
          clearable
        />
        <Select
          label={t('defaults.site_id')}
          placeholder={t('defaults.try.anySite')}
          data={options(sites)}
          value={site ?? null}
          onChange={(next) => onChange({ site: next ?? undefined })}
          searchable
          clearable
        />
      </SimpleGrid>
      {resolved.isError && <ProblemAlert error={resolved.error} onRetry={() => resolved.refetch()} />}
      {resolved.isPending && <Skeleton height={96} mt="md" />}
      {resolved.data && (
        <dl className={classes.facts} aria-live="polite">
          {facts.map((fact) => (
            <div key={fact} data-testid={`resolved-${fact}`}>
              <dt>{t(`defaults.${fact}`)}</dt>
              <dd>{told(fact, resolved.data[fact])}</dd>
              <dd className={classes.source}>{inherited(line, fact).source}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
