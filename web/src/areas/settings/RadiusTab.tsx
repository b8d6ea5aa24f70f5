import { Stack } from '@mantine/core';
import { CoaCard } from './CoaCard';
import { RetentionCard } from './RetentionCard';

/** How NAS are asked, and how long accounting is kept. */
export const RadiusTab = () => (
  <Stack>
    <CoaCard />
    <RetentionCard />
  </Stack>
);
