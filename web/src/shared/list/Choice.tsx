import { Select } from '@mantine/core';

type Props = {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
};

/** A filter: its name stands as the placeholder until something is chosen; clearing it means "any". */
export function Choice({ label, value, options, onChange }: Props) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      data={options}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      clearable
      searchable={options.length > 8}
      w={148}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
    />
  );
}
