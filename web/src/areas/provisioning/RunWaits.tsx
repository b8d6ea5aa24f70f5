import { Text } from '@mantine/core';
import { TextLink } from '../../shared/links';
import { useZone } from '../../shared/time';
import type { RunHead } from './queries';
import { waits } from './waits';

type Props = { run: RunHead; size?: 'xs' | 'sm'; mb?: 'sm' };

/** Why a run has not begun: another one has its subject (a link to that one), or its time has not come. */
export function RunWaits({ run, size = 'sm', mb }: Props) {
  const zone = useZone();
  const reason = waits(run, zone);
  return (
    reason && (
      <Text
        size={size}
        mb={mb}
        c="dimmed"
        component="div"
        title={reason.behind ? undefined : zone}
        data-testid="run-waits"
      >
        {reason.behind ? (
          <TextLink to="/provisioning/runs/$id" params={{ id: reason.behind }} inherit>
            {reason.words}
          </TextLink>
        ) : (
          reason.words
        )}
      </Text>
    )
  );
}
