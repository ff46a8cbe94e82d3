import { chromium } from '@playwright/test';
const [base, email, password, out, ...rest] = process.argv.slice(2);
// rest: path|width|dark|name|actions
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
});
const ctx = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  timezoneId: 'Europe/Amsterdam',
  locale: 'en-GB',
});
const page = await ctx.newPage();
if (process.env.MOCK) {
  const { mock } = await import('./mock.mjs');
  await mock(page, base);
}
page.on('console', (m) => {
  if (['error', 'warning'].includes(m.type())) console.log('CONSOLE', m.text().slice(0, 300));
});
page.on('pageerror', (e) => console.log('PAGEERROR', e.message, e.stack?.slice(0, 600)));
page.on('response', (r) => {
  if (r.status() >= 400 && r.url().includes('/api/'))
    console.log(r.status(), r.url().slice(0, 200));
});
await page.goto(base + '/login');
await page.getByLabel('E-mail').fill(email);
await page.getByLabel('Password', { exact: true }).fill(password);
await page.getByRole('button', { name: 'Log in', exact: true }).click();
await page.locator('#content').waitFor();
for (const spec of rest) {
  const [path, width, scheme, name, act] = spec.split('|');
  await page.setViewportSize({ width: Number(width), height: Number(width) < 500 ? 844 : 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(base + path);
  await page.waitForTimeout(2500);
  if (act) await eval(`(async () => { ${act} })()`);
  await page.screenshot({ path: `${out}/${name}.png` });
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (over > 0) console.log(name, 'WIDER BY', over);
}
await browser.close();
