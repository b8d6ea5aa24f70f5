import { Group, Stack, Text } from '@mantine/core';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { AttributeTable } from '../../shared/AttributeTable';
import { CopyAction } from '../../shared/CopyAction';
import { Empty } from '../../shared/Empty';
import { ButtonLink } from '../../shared/links';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import type { Question } from './AuthTestPage';

type Answer = Reply<'/api/v1/radius/test/auth', 'post'>;
type Props = { answer: Answer | undefined; asked: Question | undefined; failure: unknown };

/** The verdict in words with its stable code, then the attributes exactly as the NAS would get them. */
export function Verdict({ answer, asked, failure }: Props) {
  if (failure) {
    return <ProblemAlert error={failure} />;
  }
  if (!answer) {
    return <Empty title={t('authTest.empty')}>{t('authTest.emptyHint')}</Empty>;
  }
  const accepted = answer.outcome === 'accept';
  const username = asked?.username ?? '';
  return (
    <Stack gap="sm" role="status">
      <Group justify="space-between" align="flex-start">
        <div>
          <State tone={accepted ? 'ok' : 'bad'} testId="outcome">
            {accepted ? t('subscriber.accept') : t('subscriber.reject')}
          </State>
          <Text fw={600} mt={6}>
            {lookup(`decision.${answer.code}`) ?? answer.code}
          </Text>
          <Text size="sm">{answer.detail}</Text>
          {!accepted && (
            <Text size="sm" c="dimmed">
              {lookup(`decision.${answer.code}.do`)}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="mono" mt={4}>
            {answer.code}
          </Text>
        </div>
        {answer.code !== 'login.unknown' && (
          <ButtonLink to="/subscribers/$key" params={{ key: username }} variant="default" size="xs">
            {t('session.toSubscriber')}
          </ButtonLink>
        )}
      </Group>
      {answer.reply.length > 0 && (
        <div>
          <Group justify="space-between" mb={4}>
            <Text size="sm" fw={600}>
              {t('authTest.attributes')}
            </Text>
            <CopyAction
              value={answer.reply.map(({ name, value }) => `${name} = ${value}`).join('\n')}
              label={t('authTest.copy')}
            />
          </Group>
          <AttributeTable label={t('authTest.attributes')} attributes={answer.reply} />
        </div>
      )}
    </Stack>
  );
}
