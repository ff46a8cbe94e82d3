// CPU time of main-thread tasks (tdur), which other processes do not inflate as they do wall time.
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
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
const first = kind === 'one' ? '[data-testid=waterfall] li[data-step]' : 'tr[data-row]';
async function measure(name, act, wait = 800) {
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  await act();
  await page.waitForTimeout(wait);
  const buffer = await browser.stopTracing();
  const { traceEvents } = JSON.parse(buffer.toString());
  const main = new Set(
    traceEvents
      .filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain')
      .map((e) => e.pid + ':' + e.tid),
  );
  const tasks = traceEvents
    .filter(
      (e) =>
        e.ph === 'X' &&
        /RunTask|ThreadControllerImpl::RunTask/.test(e.name) &&
        main.has(e.pid + ':' + e.tid),
    )
    .map((e) => (e.tdur ?? 0) / 1000);
  const long = tasks
    .filter((t) => t > 50)
    .map(Math.round)
    .sort((a, b) => b - a);
  console.log(
    name.padEnd(14),
    'cpu ms total',
    Math.round(tasks.reduce((a, b) => a + b, 0)),
    'max',
    Math.round(Math.max(0, ...tasks)),
    'over 50:',
    JSON.stringify(long.slice(0, 8)),
  );
}
for (let i = 0; i < 2; i++)
  await measure(
    'load',
    async () => {
      await page.goto(base + path);
      await page.locator(first).first().waitFor();
    },
    1500,
  );
await measure('scroll', () =>
  page.evaluate(async (kind) => {
    const box =
      kind === 'one' ? document.querySelector('[data-testid=waterfall] [role=region]') : null;
    for (let i = 0; i < 120; i++) {
      if (box) box.scrollTop += 480;
      else window.scrollBy(0, 480);
      await new Promise((r) => requestAnimationFrame(r));
    }
  }, kind),
);
if (kind === 'one') {
  await measure('find', () =>
    page.locator('[data-search]').pressSequentially('store', { delay: 150 }),
  );
  await measure('clear', () => page.locator('[data-search]').fill(''));
  await measure('failure', async () => {
    await page.locator('h1').click({ position: { x: 200, y: 5 } });
    await page.keyboard.press('f');
  });
  await measure('open drawer', () => page.keyboard.press('Enter'));
  await measure('j x20', async () => {
    for (let i = 0; i < 20; i++) await page.keyboard.press('j');
  });
  await measure('by step', async () => {
    await page.keyboard.press('Escape');
    await page.getByTestId('rows').click();
    await page.getByRole('option', { name: 'By step' }).click();
  });
  await measure('collapse all', () => page.getByRole('button', { name: 'Collapse all' }).click());
  await measure('expand all', () => page.getByRole('button', { name: 'Expand all' }).click());
  await measure('packed', async () => {
    await page.getByTestId('rows').click();
    await page.getByRole('option', { name: 'Packed' }).click();
  });
  await page.screenshot({ path: '/work/scratch/fexe/shots/packed.png' });
}
console.log(
  'dom',
  await page.evaluate(() => document.querySelectorAll('*').length),
  'heap MB',
  await page.evaluate(() => Math.round(performance.memory.usedJSHeapSize / 1e6)),
);
await browser.close();
