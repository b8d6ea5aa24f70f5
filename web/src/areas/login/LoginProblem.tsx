import type { Problem } from '../../api/problem';
import { type MessageKey, t } from '../../messages';
import { ProblemAlert } from '../../shared/ProblemAlert';

const words: Record<string, [MessageKey, MessageKey]> = {
  'auth.invalid_credentials': ['login.wrong', 'login.wrongHint'],
  'auth.totp_invalid': ['login.totpWrong', 'login.totpWrongHint'],
  'auth.locked': ['login.locked', 'login.lockedHint'],
  'rate.limited': ['login.limited', 'login.limitedHint'],
};

export function LoginProblem({ problem }: { problem: Problem }) {
  const [title, detail] = words[problem.code] ?? [];
  return <ProblemAlert error={problem} title={title && t(title)} detail={detail && t(detail)} />;
}
