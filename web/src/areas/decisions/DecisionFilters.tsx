import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { Choice } from '../../shared/list/Choice';
import { SearchBox } from '../../shared/list/SearchBox';
import { useNasList } from '../../shared/lookups';
import { type DecisionsSearch, outcomes, periods } from './search';

type Props = { search: DecisionsSearch; filtered: boolean; onChange: (part: Partial<DecisionsSearch>) => void };

export function DecisionFilters({ search, filtered, onChange }: Props) {
  const nasList = useNasList();
  return (
    <Group gap="xs" style={{ flex: '1 1 20rem' }}>
      <SearchBox
        label={t('decisions.username')}
        placeholder={t('decisions.usernameHint')}
        value={search.username}
        onChange={(username) => onChange({ username })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('decisions.col.outcome')}
        value={search.outcome ?? 'reject'}
        onChange={(next) =>
          onChange({ outcome: next === 'reject' ? undefined : outcomes.find((one) => one === next), code: undefined })
        }
        data={outcomes.map((value) => ({ value, label: t(`decisions.outcome.${value}`) }))}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('decisions.period')}
        value={search.period ?? '24h'}
        onChange={(next) => onChange({ period: next === '24h' ? undefined : periods.find((one) => one === next) })}
        data={periods.map((value) => ({ value, label: t(`period.${value}`) }))}
      />
      <TextInput
        type="datetime-local"
        w={236}
        aria-label={t('decisions.until')}
        leftSection={<Text size="xs">{t('decisions.until')}</Text>}
        leftSectionWidth={48}
        value={search.until ?? ''}
        onChange={(event) => onChange({ until: event.currentTarget.value || undefined })}
      />
      <Choice
        label={t('session.nas')}
        value={search.nas}
        options={nasList.map((one) => ({ value: one.id, label: one.shortname }))}
        onChange={(nas) => onChange({ nas })}
      />
      {filtered && (
        <Button
          variant="subtle"
          onClick={() => onChange({ code: undefined, nas: undefined, username: undefined, until: undefined })}
        >
          {t('do.clearFilters')}
        </Button>
      )}
    </Group>
  );
}
