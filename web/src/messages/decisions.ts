/** Words for the reason codes of the authentication decision: what happened, and what to do. */
export const decisions = {
  'decision.accepted': 'Accepted',
  'decision.accepted.do': 'The login is known, enabled, and its password was right.',
  'decision.username.missing': 'No username in the request',
  'decision.username.missing.do':
    'The router sends an empty username: enter it in the customer’s PPPoE or hotspot settings.',
  'decision.login.unknown': 'Unknown username',
  'decision.login.unknown.do':
    'No subscriber has this username. Check its spelling, and the part after the @, or create it.',
  'decision.login.disabled': 'Subscriber is disabled',
  'decision.login.disabled.do': 'Enable the subscriber to let it in.',
  'decision.password.wrong': 'Wrong password',
  'decision.password.wrong.do': 'Compare the password in the customer’s router with the one here (Reveal password).',
  'decision.credentials.missing': 'No password in the request',
  'decision.credentials.missing.do':
    'The NAS sent no password of any kind: check the authentication methods it allows.',
  'decision.method.unsupported': 'Authentication method not supported',
  'decision.method.unsupported.do': 'The NAS asked with EAP. Set it to PAP, CHAP or MS-CHAP.',
  'decision.sessions.too_many': 'Too many sessions at once',
  'decision.sessions.too_many.do':
    'The login is in use already. Disconnect the other session, or allow more sessions at once.',
  'decision.login.suspended': 'Subscriber is suspended',
  'decision.login.suspended.do': 'Its page says why and since when. Resume it to let it in.',
  'decision.accepted.walled_garden': 'Accepted into the walled garden',
  'decision.accepted.walled_garden.do': 'The subscriber is suspended: it reaches only what the filter lets through.',
  'decision.option82.mismatch': 'It signs on from another line',
  'decision.option82.mismatch.do':
    'Circuit-Id or Remote-Id differ from the subscriber’s. Moved house, or a swapped port: correct the ids, or find the port.',
  'decision.option82.missing': 'The request does not say its line',
  'decision.option82.missing.do':
    'The access node sends no Option 82: switch its relay agent on, or set the subscriber’s policy to “let in, and tell”.',
} as const;
