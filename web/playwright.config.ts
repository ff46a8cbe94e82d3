import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// The headless shell renders like the whole browser, in less time.
const INSTALLED = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

// Debian's Chromium, found by path: nothing is downloaded. The switches keep it off the network and the GPU.
export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  reporter: 'list',
  use: {
    baseURL: process.env.WEIR_E2E_URL,
    timezoneId: 'Europe/Amsterdam',
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? INSTALLED.find((path) => existsSync(path)),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
});
