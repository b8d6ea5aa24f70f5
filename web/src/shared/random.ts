const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Letters and digits that cannot be misread for one another, from the browser's cryptographic source. */
export function randomSecret(length: number): string {
  const picks = crypto.getRandomValues(new Uint32Array(length));
  return Array.from(picks, (pick) => alphabet[pick % alphabet.length]).join('');
}
