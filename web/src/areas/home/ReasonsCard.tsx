import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Dashboard } from '../../api/types';
import { lookup, t } from '../../messages';
import { BarList } from '../../shared/BarList';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';

/** Why requests were rejected; a reason leads to its requests. */
export function ReasonsCard({ auth }: { auth: Dashboard['auth'] }) {
  const navigate = useNavigate();
  return (
    <Card title={t('home.reasons')}>
      {auth.by_reason.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('home.noRejects')}
        </Text>
      )}
      <BarList
        label={t('home.reasons')}
        rows={auth.by_reason.map((reason) => ({
          key: reason.code,
          label: lookup(`decision.${reason.code}`) ?? reason.code,
          value: reason.count,
          shown: count(reason.count),
          hint: lookup(`decision.${reason.code}.do`),
          onPress: () => void navigate({ to: '/decisions', search: { code: reason.code, period: '1h' } }),
        }))}
      />
    </Card>
  );
}
