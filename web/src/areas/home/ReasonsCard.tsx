import { Text } from '@mantine/core';
import type { Dashboard } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';
import classes from './ReasonsCard.module.css';

export function ReasonsCard({ auth }: { auth: Dashboard['auth'] }) {
  const most = Math.max(1, ...auth.by_reason.map((reason) => reason.count));
  return (
    <Card title={t('home.reasons')}>
      {auth.by_reason.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('home.noRejects')}
        </Text>
      )}
      <ul className={classes.reasons}>
        {auth.by_reason.map((reason) => (
          <li key={reason.code}>
            <span title={reason.code}>{lookup(`decision.${reason.code}`) ?? reason.code}</span>
            <span className={classes.track} aria-hidden="true">
              <span className={classes.bar} style={{ width: `${(100 * reason.count) / most}%` }} />
            </span>
            <span className="num">{count(reason.count)}</span>
            <Text size="xs" c="dimmed" className={classes.hint}>
              {lookup(`decision.${reason.code}.do`)}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
