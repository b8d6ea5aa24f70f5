import { Button, Group } from '@mantine/core';
import { t } from '../../messages';
import { Choice } from '../../shared/list/Choice';
import { SearchBox } from '../../shared/list/SearchBox';
import { useProfiles } from '../../shared/lookups';
import { type SubscribersSearch, statuses } from './search';

type Props = { search: SubscribersSearch; filtered: boolean; onChange: (part: Partial<SubscribersSearch>) => void };

export function Filters({ search, filtered, onChange }: Props) {
  const profiles = useProfiles();
  const flag = (value: string | undefined) => (value === undefined ? undefined : value === 'true');
  return (
    <Group gap="xs" style={{ flex: 1 }}>
      <SearchBox
        label={t('subscribers.search')}
        placeholder={t('subscribers.searchHint')}
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      <Choice
        label={t('subscribers.filter.online')}
        value={search.online?.toString()}
        options={[
          { value: 'true', label: t('is.online') },
          { value: 'false', label: t('is.offline') },
        ]}
        onChange={(value) => onChange({ online: flag(value) })}
      />
      <Choice
        label={t('subscribers.filter.enabled')}
        value={search.enabled?.toString()}
        options={[
          { value: 'true', label: t('is.enabled') },
          { value: 'false', label: t('is.disabled') },
        ]}
        onChange={(value) => onChange({ enabled: flag(value) })}
      />
      <Choice
        label={t('subscribers.filter.profile')}
        value={search.profile}
        options={profiles.map((profile) => ({ value: profile.id, label: profile.name }))}
        onChange={(profile) => onChange({ profile })}
      />
      <Choice
        label={t('subscribers.filter.status')}
        value={search.status}
        options={statuses.map((value) => ({ value, label: t(`subscriber.status.${value}`) }))}
        onChange={(status) => onChange({ status: statuses.find((one) => one === status) })}
      />
      {filtered && (
        <Button
          variant="subtle"
          onClick={() =>
            onChange({ q: undefined, enabled: undefined, online: undefined, profile: undefined, status: undefined })
          }
        >
          {t('do.clearFilters')}
        </Button>
      )}
    </Group>
  );
}
