import { Text, Timeline } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { Facts } from '../../shared/Facts';
import { State } from '../../shared/State';

type Rule = Reply<'/api/v1/radius/decisions/{id}', 'get'>['rules'][number];

const marks = { passed: IconCheck, failed: IconX } as const;
const colours = { passed: 'var(--dm-ok)', failed: 'var(--dm-bad)' } as const;
const tones = { passed: 'ok', failed: 'bad' } as const;

/** The rules in the order they are asked; asking ends at the first that fails. */
export function Trace({ rules }: { rules: Rule[] }) {
  return (
    <Timeline bulletSize={22} lineWidth={2} active={-1}>
      {rules.map((rule) => {
        const known = rule.result === 'passed' || rule.result === 'failed' ? rule.result : undefined;
        const Mark = known ? marks[known] : IconMinus;
        const data = Object.entries(rule.data as Record<string, unknown>).filter(([, value]) => value !== null);
        return (
          <Timeline.Item
            key={rule.rule}
            bullet={<Mark size={13} color={known ? colours[known] : 'var(--dm-idle)'} aria-hidden />}
            title={
              <Text size="sm" fw={known === 'failed' ? 650 : 500} c={known ? undefined : 'dimmed'} component="div">
                {rule.question}{' '}
                <State tone={known ? tones[known] : 'idle'} testId={`rule-${rule.rule}`}>
                  {lookup(`rule.${rule.result}`) ?? rule.result}
                </State>
              </Text>
            }
          >
            {data.length > 0 && (
              <Facts
                of={data.map(([name, value]) => [
                  lookup(`rule.data.${name}`) ?? name.replaceAll('_', ' '),
                  <span key={name} className="mono">
                    {String(value)}
                  </span>,
                ])}
              />
            )}
            {rule.rule === 'password' && rule.result === 'failed' && (
              <Text size="sm" c="dimmed">
                {t('rule.noData')}
              </Text>
            )}
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}
