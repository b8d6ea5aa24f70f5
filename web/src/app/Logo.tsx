/** The mark: the six octets of a MAC address, the last one alive. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0d2436" />
      <g fill="#8fc3e6">
        <rect x="6" y="9" width="6" height="6" rx="1.5" />
        <rect x="13" y="9" width="6" height="6" rx="1.5" />
        <rect x="20" y="9" width="6" height="6" rx="1.5" />
        <rect x="6" y="17" width="6" height="6" rx="1.5" />
        <rect x="13" y="17" width="6" height="6" rx="1.5" />
      </g>
      <circle cx="23" cy="20" r="3.4" fill="#3ddc97" />
    </svg>
  );
}
