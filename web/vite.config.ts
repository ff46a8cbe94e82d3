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
        // What the first view needs is one file, with everything that it imports. Otherwise each module that a later page
        // needs, too, would be in a file of its own: more requests, and each file compressed by itself.
        codeSplitting: { groups: [{ name: 'first', test: /\/src\/main\.tsx$/ }] },
      },
    },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
