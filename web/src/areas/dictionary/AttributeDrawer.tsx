import { Drawer, Stack, Table, Text } from '@mantine/core';
import { t } from '../../messages';
import { Facts } from '../../shared/Facts';
import type { Attribute } from './DictionaryPage';

/** One attribute whole, with its named values. */
export function AttributeDrawer({ attribute, onClose }: { attribute: Attribute | undefined; onClose: () => void }) {
  return (
    <Drawer opened onClose={onClose} title={attribute?.name ?? t('list.nothing')} position="right" size="md">
      {attribute && (
        <Stack gap="md">
          <Facts
            of={[
              [
                t('dictionary.number'),
                <span key="number" className="mono">
                  {attribute.number ?? t('dictionary.internal')}
                </span>,
              ],
              [t('dictionary.type'), attribute.type],
              [t('dictionary.format'), attribute.format],
              [t('dictionary.tagged'), attribute.tagged && t('dictionary.taggedText')],
              [t('dictionary.hidden'), attribute.encrypted],
              [t('dictionary.source'), attribute.source],
            ]}
          />
          {attribute.values.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('dictionary.noValues')}
            </Text>
          ) : (
            <Table fz="sm" verticalSpacing={4} aria-label={t('dictionary.values')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('dictionary.value')}</Table.Th>
                  <Table.Th ta="right">{t('dictionary.number')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {attribute.values.map((value) => (
                  <Table.Tr key={`${value.number}${value.name}`}>
                    <Table.Td>{value.name}</Table.Td>
                    <Table.Td ta="right">{value.number}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Stack>
      )}
    </Drawer>
  );
}
