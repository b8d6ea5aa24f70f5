import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { title: string; children?: ReactNode; action?: ReactNode };

/** An empty place says what belongs there and how to make the first one. */
export function Empty({ title, children, action }: Props) {
  return (
    <Stack align="center" gap={6} py="xl" px="md" ta="center" style={{ pointerEvents: 'all' }}>
      <Text fw={600} size="md">
        {title}
      </Text>
      {children && (
        <Text c="dimmed" size="sm" maw={520}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
