import { NumberInput, Select, type SelectProps, TextInput } from '@mantine/core';
import { lookup, t } from '../../messages';
import type { OrderField, OrderForm } from './fields';

type Props = { form: OrderForm; name: OrderField; placeholder?: string; mono?: boolean; required?: boolean };

/** What every field of the order has: the API's name, its label, its help where there is one, its fault. */
export const bound = (form: OrderForm, name: OrderField) => ({
  name,
  label: t(`order.${name}` as never),
  description: lookup(`order.${name}.hint`),
  inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
  ...form.getInputProps(name),
});

export function Word({ form, name, placeholder, mono, required }: Props) {
  return (
    <TextInput
      {...bound(form, name)}
      placeholder={placeholder}
      required={required}
      classNames={mono ? { input: 'mono' } : undefined}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

export function Whole({ form, name, placeholder }: Props) {
  return (
    <NumberInput
      {...bound(form, name)}
      placeholder={placeholder}
      clampBehavior="none"
      allowDecimal={false}
      hideControls
      inputMode="numeric"
    />
  );
}

type PickProps = Props & { data: SelectProps['data']; renderOption?: SelectProps['renderOption']; nothing?: string };

/** One of several; clearing it leaves the choice to the server's defaults. */
export function Pick({ form, name, data, placeholder, required, renderOption, nothing }: PickProps) {
  return (
    <Select
      {...bound(form, name)}
      data={data}
      value={String(form.values[name]) || null}
      onChange={(value) => form.setFieldValue(name, value ?? '')}
      placeholder={placeholder}
      renderOption={renderOption}
      nothingFoundMessage={nothing}
      required={required}
      searchable
      clearable={!required}
    />
  );
}
