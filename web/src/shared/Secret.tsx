import { TextInput } from '@mantine/core';
import { CopyAction } from './CopyAction';

/** A secret in plain sight, with a copy button. */
export function Secret({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <TextInput
      label={label}
      description={note}
      value={value}
      readOnly
      onFocus={(event) => event.currentTarget.select()}
      classNames={{ input: 'mono' }}
      rightSection={<CopyAction value={value} />}
      data-testid="secret"
    />
  );
}
