import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { t } from '../../messages';

type Props = {
  label: string;
  placeholder?: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};

/**
 * Writes to the URL a moment after typing stops, at once on Enter or when the field is left (a row that is clicked next must not be closed
 * again by the late filter); follows the URL when Back changes it.
 */
export function SearchBox({ label, placeholder, value, onChange }: Props) {
  const [typed, setTyped] = useState(value ?? '');
  const sent = useRef(value);
  const send = useDebouncedCallback((next: string) => {
    sent.current = next.trim() || undefined;
    onChange(sent.current);
  }, 250);

  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value ?? '');
    }
  }, [value]);

  const change = (next: string) => {
    setTyped(next);
    send(next);
  };

  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={() => send.flush()}
      onKeyDown={(event) => event.key === 'Enter' && send.flush()}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label={t('do.clearFilters')} onClick={() => change('')} />}
      style={{ flex: '1 1 14rem', maxWidth: '26rem' }}
    />
  );
}
