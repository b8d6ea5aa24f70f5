import { Drawer, Stack, Table, Text } from '@mantine/core';
import type { AuditEntry } from '../../api/types';
import { t } from '../../messages';
import { Facts } from '../../shared/Facts';
import { Time } from '../../shared/time';
import { actorName } from './columns';
import { diff, shown } from './diff';
import classes from './EntryDrawer.module.css';

/** Who did what, from where, and each field before and after. */
export function EntryDrawer({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const changes = diff(entry.before, entry.after);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={`${t('audit.entry', { seq: entry.seq })}: ${entry.action}`}
    >
      <Stack>
        <Facts
          of={[
            [t('audit.col.at'), <Time key="at" at={entry.at} />],
            [t('audit.col.actor'), actorName(entry)],
            [t('audit.col.ip'), entry.ip],
            [t('audit.col.entity'), entry.entity],
            [t('audit.entity_id'), entry.entity_id && <span className="mono">{entry.entity_id}</span>],
            [t('audit.col.request'), entry.request_id && <span className="mono">{entry.request_id}</span>],
          ]}
        />
        {changes.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('audit.noValues')}
          </Text>
        ) : (
          <Table fz="sm" layout="fixed" data-testid="diff">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('audit.field')}</Table.Th>
                <Table.Th>{t('audit.before')}</Table.Th>
                <Table.Th>{t('audit.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map((change) => (
                <Table.Tr key={change.field} className={change.differs ? undefined : classes.same}>
                  <Table.Th scope="row" fw={change.differs ? 600 : 400}>
                    {change.field}
                  </Table.Th>
                  <Table.Td className={change.differs ? classes.before : undefined}>{shown(change.before)}</Table.Td>
                  <Table.Td className={change.differs ? classes.after : undefined}>{shown(change.after)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Drawer>
  );
}
