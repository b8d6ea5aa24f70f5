/** Every IANA zone the browser knows, and UTC, which its list leaves out. */
export const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
