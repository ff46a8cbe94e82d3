import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` forwards API requests to a running Weir server. The bundle itself loads nothing from elsewhere.
const server = process.env.WEIR_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': server } },
  build: {
    target: 'es2022',
    // A strict content security policy allows no data: URLs and no inline polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Everything that the first view imports is one file. Otherwise each module that later pages share would be a file
        // of its own: more requests, and worse compression.
        codeSplitting: { groups: [{ name: 'first', test: /\/src\/main\.tsx$/ }] },
      },
    },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
