import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const host = process.env.DOTMAC_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // The host puts a fresh nonce in place of this word, for the style elements the components write (never for scripts).
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2023',
    // The content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/api', '/health', '/openapi', '/docs'].map((path) => [path, { target: host }])),
  },
});
