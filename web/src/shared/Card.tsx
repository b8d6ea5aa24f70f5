import { Group, Paper, type PaperProps, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

type Props = PaperProps & { title?: ReactNode; actions?: ReactNode; children: ReactNode };

/** A surface; with a title it is a named region. */
export function Card({ title, actions, children, ...paper }: Props) {
  const id = useId();
  return (
    <Paper
      component="section"
      aria-labelledby={title ? id : undefined}
      p="md"
      bg="var(--dm-surface)"
      bd="1px solid var(--dm-line)"
      {...paper}
    >
      {title && (
        <Group justify="space-between" mb="sm" gap="xs">
          <Title order={2} id={id}>
            {title}
          </Title>
          {actions}
        </Group>
      )}
      {children}
    </Paper>
  );
}
