import { Alert, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t } from '../../../messages';
import { AttributeTable } from '../../../shared/AttributeTable';
import { ProblemAlert } from '../../../shared/ProblemAlert';
import { replyQuery } from './queries';

const vendors = ['generic', 'mikrotik', 'cisco', 'huawei', 'juniper', 'nokia', 'zte', 'ubiquiti', 'cambium'];

/** The line as the NAS is told it, and what of the profile is kept back. */
export function SentTab({ id }: { id: string }) {
  const [vendor, setVendor] = useState('generic');
  const reply = useQuery(replyQuery(id, vendor));
  const kept = reply.data?.not_sent ?? [];
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('line.sent.lead')}
      </Text>
      <Select
        label={t('line.vendor')}
        data={vendors.map((value) => ({ value, label: lookup(`nas.vendor.${value}`) ?? value }))}
        value={vendor}
        allowDeselect={false}
        onChange={(value) => setVendor(value ?? 'generic')}
        maw={240}
      />
      {kept.length > 0 && (
        <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--mantine-color-text)' } }}>
          {t('line.notSent', { fields: kept.map((field) => lookup(`line.${field}`) ?? field).join(', ') })}
        </Alert>
      )}
      {reply.isError && <ProblemAlert error={reply.error} onRetry={() => reply.refetch()} />}
      {reply.isPending && <Skeleton height={120} />}
      {reply.data && <AttributeTable label={t('line.tab.sent')} attributes={reply.data.attributes} />}
    </Stack>
  );
}
