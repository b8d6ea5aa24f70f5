import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

type Props = { label: string; value: string | undefined; onChange: (value: string | undefined) => void };

/** A filter typed as text; it takes effect on Enter or when the field is left. */
export function TextFilter({ label, value, onChange }: Props) {
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  const send = () => {
    const next = typed.trim() || undefined;
    if (next !== value) {
      onChange(next);
    }
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      w={128}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={send}
      onKeyDown={(event) => event.key === 'Enter' && send()}
    />
  );
}
