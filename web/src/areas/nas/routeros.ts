/** RouterOS 7 commands: ask this server for PPP logins, account every 5 minutes, accept Disconnect and CoA from it. */
export function routerOsCommands(server: string, coaPort: number): string {
  return [
    `/radius add service=ppp,hotspot,dhcp address=${server} secret="<secret>" \\`,
    '    authentication-port=1812 accounting-port=1813 timeout=3s \\',
    '    require-message-auth=yes-for-request-resp',
    `/radius incoming set accept=yes port=${coaPort}`,
    '/ppp aaa set use-radius=yes accounting=yes interim-update=5m',
  ].join('\n');
}
