import { chromium } from '@playwright/test';
const [base, password, path, kind] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-gpu',
    '--enable-precise-memory-info',
  ],
});
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
await page.goto(base + '/login');
await page.getByLabel('E-mail').fill('owner@localhost');
await page.getByLabel('Password', { exact: true }).fill(password);
await page.getByRole('button', { name: 'Log in', exact: true }).click();
await page.locator('#content').waitFor();
await page.addInitScript(() => {
  window.long = [];
  new PerformanceObserver((l) =>
    window.long.push(
      ...l.getEntries().map((e) => [Math.round(e.startTime), Math.round(e.duration)]),
    ),
  ).observe({ type: 'longtask', buffered: true });
});
for (let i = 0; i < 3; i++) {
  await page.goto(base + path);
  await page
    .locator(kind === 'one' ? '[data-testid=waterfall] li' : 'tr[data-row]')
    .first()
    .waitFor();
  await page.waitForTimeout(1500);
  const t = await page.evaluate(() => window.long.splice(0));
  console.log('load', JSON.stringify(t));
}
const scroll = await page.evaluate(async (kind) => {
  const box =
    kind === 'one' ? document.querySelector('[data-testid=waterfall] [role=region]') : null;
  const frames = [];
  let last = performance.now();
  for (let i = 0; i < 240; i++) {
    if (box) box.scrollTop += 480;
    else window.scrollBy(0, 480);
    await new Promise((r) => requestAnimationFrame(r));
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  frames.sort((a, b) => a - b);
  return {
    median: frames[120].toFixed(1),
    p95: frames[228].toFixed(1),
    max: frames.at(-1).toFixed(1),
    dom: document.querySelectorAll('*').length,
    heapMB: (performance.memory.usedJSHeapSize / 1e6).toFixed(0),
    long: window.long.splice(0),
  };
}, kind);
console.log('scroll', JSON.stringify(scroll));
if (kind === 'one') {
  for (const [name, act] of [
    ['find', () => page.locator('[data-search]').pressSequentially('store', { delay: 120 })],
    ['clear', () => page.locator('[data-search]').fill('')],
    [
      'failure',
      async () => {
        await page.locator('h1').click();
        await page.keyboard.press('f');
      },
    ],
    ['open drawer', () => page.keyboard.press('Enter')],
    [
      'j x20',
      async () => {
        for (let i = 0; i < 20; i++) await page.keyboard.press('j');
      },
    ],
    [
      'by step',
      async () => {
        await page.keyboard.press('Escape');
        await page.getByTestId('rows').click();
        await page.getByRole('option', { name: 'By step' }).click();
      },
    ],
    ['collapse all', () => page.getByRole('button', { name: 'Collapse all' }).click()],
    ['expand all', () => page.getByRole('button', { name: 'Expand all' }).click()],
    [
      'packed',
      async () => {
        await page.getByTestId('rows').click();
        await page.getByRole('option', { name: 'Packed' }).click();
      },
    ],
  ]) {
    await act();
    await page.waitForTimeout(700);
    console.log(name, JSON.stringify(await page.evaluate(() => window.long.splice(0))));
  }
}
await browser.close();
