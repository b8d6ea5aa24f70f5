import { Text } from '@mantine/core';
import { t } from '../../messages';
import { State } from '../../shared/State';
import type { Fact } from './inherit';
import { useKnownPools } from './pools';
import { type Inherited, told } from './words';

type Props = { fact: Fact; of: Inherited; own: boolean; label: string };

/** One fact: what it is, and where it comes from when it is not said here. What is said here stands out. */
export function FactLine({ fact, of, own, label }: Props) {
  const isKnown = useKnownPools();
  return (
    <div>
      <Text span size="xs" c="dimmed">
        {label}:{' '}
      </Text>
      <Text span size="sm" fw={own ? 600 : 400} c={own ? undefined : 'dimmed'}>
        {told(fact, of.value)}
      </Text>
      {!own && (
        <Text span size="xs" c="dimmed">
          {' '}
          {of.source}
        </Text>
      )}
      {typeof of.value === 'string' && !isKnown(fact, of.value) && (
        <>
          {' '}
          <State tone="bad">{t('defaults.noPool')}</State>
        </>
      )}
    </div>
  );
}
