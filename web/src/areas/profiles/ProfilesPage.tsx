import { ActionIcon, Button, Group } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Profile } from '../../api/types';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { profileColumns } from './columns';
import { DeleteProfile } from './DeleteProfile';
import { CreateProfile, EditProfile } from './ProfileEditor';
import { profilesPage, profilesQuery } from './queries';

const route = getRouteApi('/app/profiles');

export function ProfilesPage() {
  const { q, cursor, create, edit } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.radius.write');
  const list = useQuery(profilesQuery({ q, cursor }));
  const { visible, shown, setShown } = useColumnChoice('profiles', profileColumns);
  const [doomed, setDoomed] = useState<Profile>();
  const close = () => navigate({ search: (now) => ({ ...now, create: undefined, edit: undefined }) });
  const createButton = mayWrite && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
    >
      {t('profiles.create')}
    </Button>
  );

  return (
    <Page title={t('profiles.title')} lead={t('profiles.lead')} actions={createButton}>
      <Group justify="space-between" gap="xs">
        <SearchBox
          label={t('profiles.search')}
          placeholder={t('profiles.search')}
          value={q}
          onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
        />
        <Group gap="xs">
          <ColumnMenu columns={profileColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="bandwidth-profiles"
            columns={visible}
            page={(next, signal) => profilesPage({ q, cursor: next }, 500, signal)}
          />
        </Group>
      </Group>
      <DataList
        name={t('profiles.title')}
        columns={visible}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('profiles.empty')} action={createButton}>
            {t('profiles.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('profile.edit', { name: row.name })}
                    onClick={() => navigate({ search: (now) => ({ ...now, edit: row.id }) })}
                  >
                    <IconPencil size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('profile.remove', { name: row.name })}
                    onClick={() => setDoomed(row)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </>
              )
            : undefined
        }
      />
      {create && mayWrite && <CreateProfile onClose={close} />}
      {edit && <EditProfile key={edit} id={edit} onClose={close} />}
      {doomed && <DeleteProfile profile={doomed} onClose={() => setDoomed(undefined)} />}
    </Page>
  );
}
