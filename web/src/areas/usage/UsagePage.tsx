import { Grid } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Page } from '../../shared/Page';
import { absolute, useZone } from '../../shared/time';
import { NasUsageCard } from './NasUsageCard';
import { SeriesCard } from './SeriesCard';
import { meant, type UsageSearch } from './search';
import { TopCard } from './TopCard';
import { UsageFilters } from './UsageFilters';

const route = getRouteApi('/app/usage');

/** How much flowed, when, through which NAS and to whom. */
export function UsagePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const days = meant(search, absolute(Date.now(), zone).slice(0, 10));
  const change = (part: Partial<UsageSearch>) => navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <Page title={t('usage.title')} lead={t('usage.lead')}>
      <UsageFilters search={search} days={days} onChange={change} />
      <SeriesCard search={search} days={days} onChange={change} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <TopCard search={search} days={days} onChange={change} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <NasUsageCard days={days} onChange={change} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}
