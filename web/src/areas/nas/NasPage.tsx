import { Grid, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { count } from '../../shared/format';
import { ButtonLink, TextLink } from '../../shared/links';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Enabled } from '../../shared/State';
import { Time } from '../../shared/time';
import { Warnings } from '../../shared/Warnings';
import { vendorName } from './columns';
import { HealthCard } from './HealthCard';
import { HowTo } from './HowTo';
import { NasActions } from './NasActions';
import { nasQuery } from './queries';

const route = getRouteApi('/app/nas/$id');

export function NasPage() {
  const { id } = route.useParams();
  const { data: nas, error, refetch } = useQuery(nasQuery(id));
  const back = (
    <TextLink to="/nas" size="sm">
      {t('nas.title')}
    </TextLink>
  );
  if (!nas) {
    return error ? (
      <Page title={t('nas.title')} lead={back}>
        <ProblemAlert error={error} onRetry={() => refetch()} />
      </Page>
    ) : (
      <Skeleton height={400} />
    );
  }
  const lead = (
    <Group gap={8}>
      {back}
      <span className="mono">{nas.nasname}</span>
      <Enabled enabled={nas.enabled ?? true} />
    </Group>
  );
  return (
    <Page title={nas.shortname} lead={lead} actions={<NasActions nas={nas} />}>
      <Warnings of={nas.warnings} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Card
            title={t('nas.details')}
            actions={
              <ButtonLink to="/sessions" search={{ nas: nas.id }} variant="default" size="xs">
                {t('nas.sessions')}
              </ButtonLink>
            }
          >
            <Facts
              of={[
                [t('nas.col.seen'), <Time key="seen" at={nas.last_seen_at} show="age" />],
                [t('nas.col.sessions'), count(nas.online_sessions)],
                [t('nas.accepts'), count(nas.accepts)],
                [t('nas.rejects'), count(nas.rejects)],
                [t('nas.accounting'), count(nas.accounting_requests)],
                [t('nas.unsigned'), nas.unsigned_requests > 0 && count(nas.unsigned_requests)],
                [t('nas.field.vendor'), vendorName(nas.vendor)],
                [
                  t('nas.field.nas_group'),
                  nas.nas_group && (
                    <TextLink key="group" to="/nas" search={{ group: nas.nas_group }} size="sm">
                      {nas.nas_group}
                    </TextLink>
                  ),
                ],
                [t('nas.field.radsec_name'), nas.radsec_name],
                [t('nas.field.type'), nas.type],
                [t('nas.field.coa_port'), nas.coa_port],
                [t('nas.field.nas_identifier'), nas.nas_identifier],
                [t('nas.field.message_authenticator_policy'), nas.message_authenticator_policy],
                [t('nas.field.description'), nas.description],
                [t('nas.col.created'), <Time key="created" at={nas.created_at} />],
              ]}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <HealthCard id={nas.id} />
            <HowTo nas={nas} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
