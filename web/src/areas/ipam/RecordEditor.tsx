import { NumberInput, Select, SimpleGrid, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, type FormValue, filled, toForm } from '../../shared/form/values';
import { useIpamChanged } from './queries';

type Option = { value: string; label: string };

export type Field = {
  name: string;
  label: string;
  hint?: string;
  kind?: 'text' | 'number' | 'switch' | 'select' | 'tags' | 'area';
  options?: Option[];
  required?: boolean;
  mono?: boolean;
  placeholder?: string;
  /** What a new one begins with. */
  start?: FormValue;
  /** Only when a new one is made: it stays as it is afterwards. */
  onlyNew?: boolean;
};

type Props = {
  title: string;
  fields: Field[];
  /** The entity as it is; absent for a new one. */
  of?: Record<string, unknown>;
  save: (body: Record<string, unknown>) => Promise<unknown>;
  /** Said when it was written; nothing is when whoever asked says it himself. */
  saved?: string;
  onClose: () => void;
};

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

/** Writes one thing of the plan: its fields are told, the rest is the same for all. */
export function RecordEditor({ title, fields, of, save, saved, onClose }: Props) {
  const refresh = useIpamChanged();
  const shown = fields.filter((field) => !of || !field.onlyNew);
  const names = shown.map((field) => field.name);
  const start = of
    ? toForm(names, of)
    : Object.fromEntries(
        shown.map((field) => [
          field.name,
          field.start ?? (field.kind === 'switch' ? false : field.kind === 'tags' ? [] : ''),
        ]),
      );
  const write = async (values: Record<string, FormValue>) => {
    await save(of ? changed(start, values) : filled(values));
    if (saved) {
      notifications.show({ message: saved });
    }
    await refresh();
  };
  return (
    <Editor title={title} start={start} creating={!of} save={write} onClose={onClose}>
      {(form) => (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {shown.map((field) => {
            const common = {
              key: field.name,
              name: field.name,
              label: field.label,
              description: field.hint,
              required: field.required,
              placeholder: field.placeholder,
              inputWrapperOrder: order,
            };
            const bound = form.getInputProps(field.name);
            switch (field.kind) {
              case 'switch':
                return (
                  <Switch
                    key={field.name}
                    label={field.label}
                    description={field.hint}
                    {...form.getInputProps(field.name, { type: 'checkbox' })}
                  />
                );
              case 'number':
                return <NumberInput {...common} {...bound} key={field.name} hideControls clampBehavior="none" />;
              case 'select':
                return (
                  <Select
                    {...common}
                    {...bound}
                    key={field.name}
                    data={field.options ?? []}
                    value={(bound.value as string) || null}
                    onChange={(next) => form.setFieldValue(field.name, next ?? '')}
                    clearable={!field.required}
                    allowDeselect={!field.required}
                    searchable={(field.options?.length ?? 0) > 8}
                    placeholder={field.required ? undefined : t('ipam.any')}
                  />
                );
              case 'tags':
                return (
                  <TagsInput
                    {...common}
                    key={field.name}
                    error={bound.error}
                    value={form.values[field.name] as string[]}
                    onChange={(next) => form.setFieldValue(field.name, next)}
                    acceptValueOnBlur
                    splitChars={[',', ';', ' ']}
                  />
                );
              case 'area':
                return <Textarea {...common} {...bound} key={field.name} autosize minRows={2} />;
              default:
                return (
                  <TextInput
                    {...common}
                    {...bound}
                    key={field.name}
                    autoComplete="off"
                    spellCheck={false}
                    classNames={field.mono ? { input: 'mono' } : undefined}
                  />
                );
            }
          })}
        </SimpleGrid>
      )}
    </Editor>
  );
}
