import { Group, Skeleton, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { count } from '../../shared/format';
import { ButtonLink, TextLink } from '../../shared/links';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { nasGroupsQuery } from './queries';

/** The groups that NAS are in and that profiles are allowed on. */
export function GroupsPage() {
  const groups = useQuery(nasGroupsQuery);
  const items = groups.data?.items ?? [];
  return (
    <Page
      title={t('groups.title')}
      lead={
        <Group gap={8}>
          <TextLink to="/nas" size="sm">
            {t('nas.title')}
          </TextLink>
          <span>{t('groups.lead')}</span>
        </Group>
      }
    >
      {groups.isError && <ProblemAlert error={groups.error} onRetry={() => groups.refetch()} />}
      {groups.isPending && <Skeleton height={160} />}
      {groups.data && (
        <Card>
          {items.length === 0 ? (
            <Empty title={t('groups.empty')} action={<ButtonLink to="/nas">{t('home.toNas')}</ButtonLink>}>
              {t('groups.emptyHint')}
            </Empty>
          ) : (
            <Table aria-label={t('groups.title')} verticalSpacing={7}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('nas.field.nas_group')}</Table.Th>
                  <Table.Th ta="right">{t('groups.nas')}</Table.Th>
                  <Table.Th ta="right">{t('groups.profiles')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((group) => (
                  <Table.Tr key={group.name}>
                    <Table.Td>
                      <TextLink to="/nas" search={{ group: group.name }} size="sm" fw={550}>
                        {group.name}
                      </TextLink>
                      {group.nas_count === 0 && <State tone="warn">{t('groups.nowhere')}</State>}
                    </Table.Td>
                    <Table.Td ta="right">{count(group.nas_count)}</Table.Td>
                    <Table.Td ta="right">{count(group.profile_count)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Card>
      )}
    </Page>
  );
}
