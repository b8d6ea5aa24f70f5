import { Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { Choice } from '../../shared/list/Choice';
import { useNasList } from '../../shared/lookups';
import { type meant, spans, type UsageSearch } from './search';

export type Days = ReturnType<typeof meant>;
export type UsageProps = { search: UsageSearch; days: Days; onChange: (part: Partial<UsageSearch>) => void };

export function UsageFilters({ search, days, onChange }: UsageProps) {
  const nasList = useNasList();
  const chosen = search.from !== undefined || search.to !== undefined;
  const date = (name: 'from' | 'to') => (
    <TextInput
      type="date"
      w={178}
      aria-label={t(`audit.${name}`)}
      leftSection={<Text size="xs">{t(`audit.${name}`)}</Text>}
      leftSectionWidth={44}
      value={days[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <Group gap="xs">
      <SegmentedControl
        aria-label={t('decisions.period')}
        value={chosen ? '' : (search.days ?? '30')}
        onChange={(next) =>
          onChange({ days: spans.find((one) => one === next), from: undefined, to: undefined, step: undefined })
        }
        data={spans.map((value) => ({ value, label: t('usage.days', { days: value }) }))}
      />
      {date('from')}
      {date('to')}
      {days.hoursAllowed && (
        <SegmentedControl
          aria-label={t('subscriber.usageStep')}
          value={days.step}
          onChange={(step) => onChange({ step: step === 'hour' ? 'hour' : 'day' })}
          data={[
            { value: 'hour', label: t('usage.byHour') },
            { value: 'day', label: t('usage.byDay') },
          ]}
        />
      )}
      <Choice
        label={t('usage.allNas')}
        value={search.nas}
        options={nasList.map((one) => ({ value: one.id, label: one.shortname }))}
        onChange={(nas) => onChange({ nas })}
      />
    </Group>
  );
}
