import { List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { t } from '../messages';

/** Sentences of the server that somebody should look at. */
export function Warnings({ of }: { of: string[] }) {
  if (of.length === 0) {
    return null;
  }
  return (
    <List
      size="sm"
      spacing={4}
      aria-label={t('is.warnings')}
      icon={<IconAlertTriangle size={16} color="var(--dm-warn)" aria-hidden />}
      data-testid="warnings"
    >
      {of.map((one) => (
        <List.Item key={one}>
          <Text size="sm" span>
            {one}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
