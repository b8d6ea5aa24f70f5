import { List, ThemeIcon } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Dashboard } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { TextLink } from '../../shared/links';
import { useProfiles } from '../../shared/lookups';

/** On an empty system: the three things to make, in order, and which are done. */
export function FirstSteps({ board }: { board: Dashboard }) {
  const profiles = useProfiles();
  const steps = [
    {
      done: profiles.length > 0,
      link: (
        <TextLink to="/profiles" search={{ create: true }}>
          {t('home.start.profile')}
        </TextLink>
      ),
      key: 'profile',
    },
    {
      done: board.nas.total > 0,
      link: (
        <TextLink to="/nas" search={{ create: true }}>
          {t('home.start.nas')}
        </TextLink>
      ),
      key: 'nas',
    },
    {
      done: board.subscribers.total > 0,
      link: (
        <TextLink to="/subscribers" search={{ create: true }}>
          {t('home.start.subscriber')}
        </TextLink>
      ),
      key: 'subscriber',
    },
  ];
  return (
    <Card title={t('home.start.title')}>
      <List type="ordered" spacing={6} size="sm">
        {steps.map(({ key, done, link }) => (
          <List.Item
            key={key}
            icon={
              done ? (
                <ThemeIcon size={18} radius="xl" color="teal.8" role="img" aria-label={t('do.done')}>
                  <IconCheck size={12} aria-hidden />
                </ThemeIcon>
              ) : undefined
            }
          >
            {link}
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
