/** Words for the reason codes of the authentication decision: what happened, and what to do. */
export const decisions = {
  'decision.accepted': 'Accepted',
  'decision.accepted.do': 'Nothing to do.',
  'decision.password.wrong': 'Wrong password',
  'decision.password.wrong.do': 'Compare the password in the router or phone with the one here (Reveal password).',
  'decision.subscriber.unknown': 'Unknown username',
  'decision.subscriber.unknown.do': 'No subscriber has this username. Check its spelling, or create it.',
  'decision.subscriber.disabled': 'Subscriber is disabled',
  'decision.subscriber.disabled.do': 'Enable the subscriber to let it in.',
} as const;
