import { Group, SimpleGrid } from '@mantine/core';
import type { Dashboard } from '../../api/types';
import { t, tn } from '../../messages';
import { Card } from '../../shared/Card';
import { Figure } from '../../shared/Figure';
import { bitRate, count } from '../../shared/format';

const percent = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((100 * part) / whole));

export function NumbersRow({ board }: { board: Dashboard }) {
  const { subscribers, nas, auth, throughput } = board;
  const quiet = nas.total - nas.seen_recently;
  const nasNote = nas.total === 0 ? t('home.nasNone') : quiet === 0 ? t('home.nasAll') : tn('home.nasQuiet', quiet);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
      <Card>
        <Figure
          label={t('home.online')}
          value={count(board.sessions_online)}
          note={t('home.onlineOf', { online: count(subscribers.online), total: count(subscribers.total) })}
          testId="sessions-online"
        />
      </Card>
      <Card>
        <Group gap="lg" wrap="nowrap" align="flex-start">
          <Figure
            label={t('home.download')}
            value={bitRate(throughput.download_bps)}
            tone="down"
            note={t('home.throughput')}
          />
          <Figure label={t('home.upload')} value={bitRate(throughput.upload_bps)} tone="up" />
        </Group>
      </Card>
      <Card>
        <Group gap="lg" wrap="nowrap" align="flex-start">
          <Figure
            label={t('home.accepts')}
            value={count(auth.accepts)}
            note={t('home.lastMinutes', { minutes: auth.window_minutes })}
          />
          <Figure
            label={t('home.rejects')}
            value={count(auth.rejects)}
            tone={auth.rejects > 0 ? 'bad' : undefined}
            note={t('home.rejectRate', { rate: percent(auth.rejects, auth.accepts + auth.rejects) })}
          />
        </Group>
      </Card>
      <Card>
        <Figure
          label={t('home.nas')}
          value={`${count(nas.seen_recently)} / ${count(nas.total)}`}
          note={nasNote}
          tone={quiet > 0 ? 'bad' : undefined}
        />
      </Card>
    </SimpleGrid>
  );
}
