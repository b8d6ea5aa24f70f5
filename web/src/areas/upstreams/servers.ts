import type { Upstream } from './queries';

type Server = { address: string; auth_port?: number; acct_port?: number };

/** `192.0.2.10`, `192.0.2.10:1812:1813`, `[2001:db8::1]:1812`. What cannot be read goes to the server as it is, which says so. */
export function readServer(text: string): Server {
  const found = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
  if (!found) {
    return { address: text.trim() };
  }
  const [, six, four, auth, acct] = found;
  return {
    address: six ?? four ?? '',
    ...(auth && { auth_port: Number(auth) }),
    ...(acct && { acct_port: Number(acct) }),
  };
}

export const writeServer = ({ address, auth_port, acct_port }: Upstream['servers'][number]) =>
  `${address.includes(':') ? `[${address}]` : address}:${auth_port}:${acct_port}`;
