import { chromium } from '@playwright/test';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--js-flags=--expose-gc'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto('http://127.0.0.1:8090/?range=24h');
await page.getByLabel('E-mail').fill('owner@localhost');
await page.getByLabel('Password', { exact: true }).fill('5kgq9-jmqe1-ytx46-ta7sc');
await page.getByRole('button', { name: 'Log in', exact: true }).click();
await page.waitForTimeout(8000);
const cdp = await page.context().newCDPSession(page);
await cdp.send('Performance.enable');
await cdp.send('HeapProfiler.enable');
for (let minute = 0; minute <= 62; minute += 1) {
  if (minute % 5 === 0 || minute > 59) {
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name) => metrics.find((m) => m.name === name)?.value;
    console.log(new Date().toISOString(), minute, 'heap MB', (of('JSHeapUsedSize') / 1e6).toFixed(1), 'total', (of('JSHeapTotalSize') / 1e6).toFixed(1), 'nodes', of('Nodes'), 'listeners', of('JSEventListeners'), await page.locator('[data-testid=live], [data-state]').first().getAttribute('data-state').catch(() => '?'));
  }
  await page.waitForTimeout(60000);
}
await browser.close();
