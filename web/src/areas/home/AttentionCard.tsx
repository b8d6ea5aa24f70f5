import { Anchor, Stack, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { Dashboard } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { State } from '../../shared/State';
import classes from './AttentionCard.module.css';

type Item = Dashboard['attention'][number];

export function AttentionCard({ items }: { items: Item[] }) {
  return (
    <Card title={t('home.attention')} data-testid="attention">
      {items.length === 0 && (
        <>
          <State tone="ok">{t('home.calm')}</State>
          <Text size="sm" c="dimmed" mt="xs">
            {t('home.calmHint')}
          </Text>
        </>
      )}
      <Stack component="ul" gap="sm" className={classes.list}>
        {items.map((item) => (
          <One key={`${item.kind}${item.title}`} item={item} />
        ))}
      </Stack>
    </Card>
  );
}

/** The server names the page; it is followed inside the console, without a reload. */
function One({ item }: { item: Item }) {
  const { history } = useRouter();
  const { href } = item;
  return (
    <li>
      <State tone={item.severity === 'critical' ? 'bad' : 'warn'}>
        {lookup(`home.severity.${item.severity}`) ?? item.severity}
      </State>
      <Text size="sm" fw={550} mt={2}>
        {href ? (
          <Anchor
            href={href}
            inherit
            onClick={(event) => {
              if (!event.metaKey && !event.ctrlKey) {
                event.preventDefault();
                history.push(href);
              }
            }}
          >
            {item.title}
          </Anchor>
        ) : (
          item.title
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {item.detail}
      </Text>
    </li>
  );
}
