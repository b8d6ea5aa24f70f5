export type Rates = {
  download_rate_kbps: number;
  upload_rate_kbps: number;
  download_burst_kbps?: number | null;
  upload_burst_kbps?: number | null;
  burst_threshold_percent?: number | null;
  burst_time_seconds?: number | null;
  priority?: number | null;
};

const k = (kbps: number) => `${kbps}k`;

/**
 * What the profile becomes as Mikrotik-Rate-Limit: `rx/tx`, the router's side, so upload before download; then burst
 * rate, burst threshold, burst time and priority, where there is a burst. A preview: the server writes the real one.
 */
export function mikrotikRateLimit(rates: Rates): string {
  const pair = (up: number, down: number) => `${k(up)}/${k(down)}`;
  const { upload_rate_kbps: up, download_rate_kbps: down } = rates;
  const plain = pair(up, down);
  if (!rates.upload_burst_kbps && !rates.download_burst_kbps) {
    return plain;
  }
  const share = (rates.burst_threshold_percent ?? 100) / 100;
  const time = rates.burst_time_seconds ?? 8;
  return [
    plain,
    pair(rates.upload_burst_kbps || up, rates.download_burst_kbps || down),
    pair(Math.floor(up * share), Math.floor(down * share)),
    `${time}/${time}`,
    ...(rates.priority ? [rates.priority] : []),
  ].join(' ');
}
