import { Checkbox, Fieldset, Input, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, take } from '../api/client';
import type { Permission } from '../api/types';
import { t } from '../messages';
import { ProblemAlert } from './ProblemAlert';

export const permissionsQuery = {
  queryKey: ['permissions'],
  queryFn: () => take(api.GET('/api/v1/permissions')),
  staleTime: 300_000,
};

type Props = {
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  error?: ReactNode;
  readOnly?: boolean;
  /** Narrows what is offered; everything when absent. */
  offer?: (permission: Permission) => boolean;
};

/** Permissions as check boxes, grouped by area, each with what it allows. */
export function PermissionPicker({ label, value, onChange, error, readOnly = false, offer = () => true }: Props) {
  const permissions = useQuery(permissionsQuery);
  const byArea = Map.groupBy((permissions.data?.items ?? []).filter(offer), (permission) => permission.area);
  const held = new Set(value);
  const set = (names: string[], on: boolean) =>
    onChange(on ? [...new Set([...value, ...names])] : value.filter((name) => !names.includes(name)));

  return (
    <Input.Wrapper label={label} labelElement="div" error={error}>
      {permissions.isError && <ProblemAlert error={permissions.error} onRetry={() => permissions.refetch()} />}
      <Stack gap="xs" mt={4}>
        {[...byArea].map(([area, members]) => {
          const names = members.map((permission) => permission.name);
          const count = names.filter((name) => held.has(name)).length;
          return (
            <Fieldset key={area} legend={area} disabled={readOnly} variant="unstyled">
              <Stack gap={12}>
                {names.length > 1 && (
                  <Checkbox
                    size="xs"
                    label={t('role.all', { area })}
                    checked={count === names.length}
                    indeterminate={count > 0 && count < names.length}
                    onChange={(event) => set(names, event.currentTarget.checked)}
                  />
                )}
                {members.map((permission) => (
                  <Checkbox
                    key={permission.name}
                    size="xs"
                    label={<span className="mono">{permission.name}</span>}
                    description={permission.description}
                    checked={held.has(permission.name)}
                    onChange={(event) => set([permission.name], event.currentTarget.checked)}
                  />
                ))}
              </Stack>
            </Fieldset>
          );
        })}
      </Stack>
    </Input.Wrapper>
  );
}
