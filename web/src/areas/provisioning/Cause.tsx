import { Text } from '@mantine/core';
import { lookup } from '../../messages';

type Props = { code: string | null; message: string; lead?: string };

/** Why something failed, in the words of its system; what that means and what to do, where the code is known; and the code. */
export function Cause({ code, message, lead }: Props) {
  const meaning = code && lookup(`run.cause.${code}`);
  return (
    <>
      <Text size="sm" c={lead ? undefined : 'var(--dm-bad)'}>
        {lead && <strong>{lead}: </strong>}
        {message} {code && <span className="mono">({code})</span>}
      </Text>
      {meaning && <Text size="sm">{meaning}</Text>}
    </>
  );
}
