import { Group, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { Time } from '../../shared/time';
import { bound } from './Field';
import type { OrderField, OrderForm } from './fields';
import { type Reservation, useReservation, useReservations } from './lookups';

type Props = { form: OrderForm; name: OrderField; kind: Reservation['kind']; subscriber?: string; optional?: boolean };

/**
 * What the address plan keeps for somebody, sought by address or by whom it is kept for. What is kept for another subscriber is not offered. An
 * optional one is asked for only where there is something to choose.
 */
export function ReservationPick({ form, name, kind, subscriber, optional }: Props) {
  const may = useCan(reading);
  const [q, setQ] = useState('');
  const [sought] = useDebouncedValue(q.trim(), 200);
  const [chosen, setChosen] = useState<Reservation>();
  const value = String(form.values[name]);
  // A form that was restored knows the id alone.
  const restored = useReservation(chosen?.id === value ? '' : value);
  const current = chosen?.id === value ? chosen : restored;
  // What the box shows of the one that is chosen is not what is sought.
  const found = useReservations(kind, current && sought === wordsOf(current) ? '' : sought, subscriber);
  const shown = current && !found.items.some((one) => one.id === current.id) ? [current, ...found.items] : found.items;
  if (optional && !value && !sought && shown.length === 0) {
    return null;
  }
  return (
    <Select
      {...bound(form, name)}
      data={shown.map((one) => ({ value: one.id, label: wordsOf(one) }))}
      value={value || null}
      onChange={(id) => {
        setChosen(shown.find((one) => one.id === id));
        form.setFieldValue(name, id ?? '');
      }}
      onSearchChange={setQ}
      filter={({ options }) => options}
      renderOption={({ option }) => {
        const one = shown.find((other) => other.id === option.value);
        return (
          one && (
            <Group justify="space-between" w="100%" wrap="nowrap">
              <span>
                <span className="mono">{plain(one.address)}</span>
                <Text size="xs" c="dimmed" component="span" display="block">
                  {one.label}
                </Text>
              </span>
              {one.expires_at && (
                <Text size="xs" c="dimmed">
                  {t('order.keptUntil')} <Time at={one.expires_at} show="minute" />
                </Text>
              )}
            </Group>
          )
        );
      }}
      nothingFoundMessage={
        may
          ? t(found.isLoading ? 'order.looking' : 'order.noReservation')
          : t('problem.noPermission', { permission: reading })
      }
      searchable
      clearable
    />
  );
}

const reading = 'isp.ipam.read';
const plain = (address: string) => address.replace(/\/(32|128)$/, '');
const wordsOf = (one: Reservation) => [plain(one.address), one.label].filter(Boolean).join(' · ');
