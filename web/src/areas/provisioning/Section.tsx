import { Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './Section.module.css';

type Props = { number: number; title: string; lead?: ReactNode; children: ReactNode };

/** One part of the order, numbered in the order in which it is asked on the phone. */
export function Section({ number, title, lead, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section}>
      <span className={classes.number} aria-hidden="true">
        {number}
      </span>
      <Stack gap="xs" miw={0}>
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {lead && (
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </section>
  );
}
