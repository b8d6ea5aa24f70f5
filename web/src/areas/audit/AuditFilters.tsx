import { Button, Group, Text, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { SearchBox } from '../../shared/list/SearchBox';
import { TextFilter } from '../../shared/list/TextFilter';
import type { AuditSearch } from './search';

type Props = { search: AuditSearch; filtered: boolean; onChange: (part: Partial<AuditSearch>) => void };

const none: AuditSearch = {
  q: undefined,
  actor: undefined,
  action: undefined,
  entity: undefined,
  entity_id: undefined,
  from: undefined,
  to: undefined,
};

export function AuditFilters({ search, filtered, onChange }: Props) {
  const words = (name: 'actor' | 'action' | 'entity') => (
    <TextFilter label={t(`audit.${name}`)} value={search[name]} onChange={(value) => onChange({ [name]: value })} />
  );
  const date = (name: 'from' | 'to') => (
    <TextInput
      type="date"
      w={178}
      aria-label={t(`audit.${name}`)}
      leftSection={<Text size="xs">{t(`audit.${name}`)}</Text>}
      leftSectionWidth={44}
      value={search[name] ?? ''}
      onChange={(event) => onChange({ [name]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <Group gap="xs">
      <SearchBox
        label={t('audit.search')}
        placeholder={t('audit.search')}
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      {words('actor')}
      {words('action')}
      {words('entity')}
      {date('from')}
      {date('to')}
      {filtered && (
        <Button variant="subtle" onClick={() => onChange(none)}>
          {t('do.clearFilters')}
        </Button>
      )}
    </Group>
  );
}
