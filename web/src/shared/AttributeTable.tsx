import { Table, Text } from '@mantine/core';
import { t } from '../messages';

export type ShownAttribute = { name: string; value: string; number?: string | null; hex?: string | null };

/** RADIUS attributes in the order of the packet; octets beside them where the server tells them. */
export function AttributeTable({ label, attributes }: { label: string; attributes: ShownAttribute[] }) {
  const withHex = attributes.some((one) => one.hex);
  return (
    <Table.ScrollContainer
      minWidth={withHex ? 520 : 320}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label, role: 'group' } }}
    >
      <Table fz="xs" verticalSpacing={5} horizontalSpacing="xs" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('attribute.name')}</Table.Th>
            <Table.Th>{t('attribute.value')}</Table.Th>
            {withHex && <Table.Th>{t('attribute.hex')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attributes.map((one, index) => (
            // An attribute may be repeated, with the same value too: its place is its identity.
            <Table.Tr key={index}>
              <Table.Td>
                {one.name}
                {one.number && (
                  <Text size="xs" c="dimmed" className="mono">
                    {one.number}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="mono" style={{ overflowWrap: 'anywhere' }}>
                {one.value}
              </Table.Td>
              {withHex && (
                <Table.Td className="mono" style={{ overflowWrap: 'anywhere' }}>
                  {one.hex}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
