import { Group, SimpleGrid, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { Figure } from '../../shared/Figure';
import { count } from '../../shared/format';
import { ButtonLink, TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { ExportButton } from '../../shared/list/ExportButton';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';

type Item = Reply<'/api/v1/radius/nas/safety', 'get'>['items'][number];
const tones = { safe: 'ok', learning: 'warn', unsafe: 'bad', silent: 'idle' } as const;
const verdicts = ['unsafe', 'learning', 'silent', 'safe'] as const;
const rank = (item: Item) => (verdicts as readonly string[]).indexOf(item.verdict);
const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 1000) / 10} %`);

const columns: Column<Item>[] = [
  { key: 'nas', label: t('session.nas'), value: (row) => row.shortname },
  { key: 'verdict', label: t('safety.verdict'), value: (row) => row.verdict },
  { key: 'policy', label: t('nas.col.policy'), value: (row) => row.policy },
  { key: 'share', label: t('safety.share'), value: (row) => row.unsigned_share },
  { key: 'unsigned', label: t('safety.unsigned'), value: (row) => row.unsigned_requests },
  { key: 'last', label: t('safety.last'), value: (row) => row.last_unsigned_at },
  { key: 'seen', label: t('nas.col.seen'), value: (row) => row.last_seen_at },
  { key: 'advice', label: t('safety.advice'), value: (row) => row.advice },
];

/** Which NAS can be impersonated on the wire (CVE-2024-3596), and what to do about each. */
export function SafetyPage() {
  const safety = useQuery({
    queryKey: ['nas', 'safety'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/nas/safety', { signal })),
    refetchInterval: 30_000,
  });
  const of = safety.data;
  const items = [...(of?.items ?? [])].sort((a, b) => rank(a) - rank(b));
  return (
    <Page
      title={t('safety.title')}
      lead={t('safety.lead')}
      actions={<ExportButton name="nas-safety" columns={columns} page={async () => ({ items })} />}
    >
      {safety.isError && <ProblemAlert error={safety.error} onRetry={() => safety.refetch()} />}
      {safety.isPending && <Skeleton height={240} />}
      {of && items.length === 0 && (
        <Card>
          <Empty title={t('nas.empty')} action={<ButtonLink to="/nas">{t('home.toNas')}</ButtonLink>}>
            {t('nas.emptyHint')}
          </Empty>
        </Card>
      )}
      {of && items.length > 0 && (
        <>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            {verdicts.map((verdict) => (
              <Card key={verdict}>
                <Figure
                  label={t(`safety.${verdict}`)}
                  value={count(of[verdict])}
                  tone={verdict === 'unsafe' && of.unsafe > 0 ? 'bad' : undefined}
                  note={t(`safety.${verdict}.note`)}
                />
              </Card>
            ))}
          </SimpleGrid>
          <Card title={t('safety.each')} data-testid="safety">
            <Table.ScrollContainer
              minWidth={640}
              scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('safety.each'), role: 'group' } }}
            >
              <Table fz="sm" verticalSpacing={7} aria-label={t('safety.each')}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('session.nas')}</Table.Th>
                    <Table.Th>{t('safety.verdict')}</Table.Th>
                    <Table.Th ta="right">{t('safety.share')}</Table.Th>
                    <Table.Th>{t('safety.advice')}</Table.Th>
                    <Table.Th>{t('nas.col.seen')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((item) => (
                    <Row key={item.nas_id} item={item} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Card>
        </>
      )}
      <Text size="sm" c="dimmed">
        {t('safety.why')}
      </Text>
    </Page>
  );
}

function Row({ item }: { item: Item }) {
  const tone = tones[item.verdict as keyof typeof tones] ?? 'idle';
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/nas/$id" params={{ id: item.nas_id }} size="sm" fw={550}>
          {item.shortname}
        </TextLink>
      </Table.Td>
      <Table.Td>
        <Stack gap={2} align="flex-start">
          <State tone={tone}>{lookup(`safety.${item.verdict}`) ?? item.verdict}</State>
          <Text size="xs" c="dimmed">
            {lookup(`nas.policy.${item.policy}`) ?? item.policy}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td ta="right">
        {percent(item.unsigned_share)}
        {item.last_unsigned_at && (
          <Text size="xs" c="dimmed">
            <Time at={item.last_unsigned_at} show="age" />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap={6} maw={460}>
          {item.advice}
          {item.advice && (
            <TextLink to="/nas/$id" params={{ id: item.nas_id }} search={{ edit: true }} size="sm">
              {t('do.edit')}
            </TextLink>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Time at={item.last_seen_at} show="age" />
      </Table.Td>
    </Table.Tr>
  );
}
