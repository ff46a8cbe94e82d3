import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type Browser } from '@playwright/test';
import { given, open } from './page';
import { everyView, show, type View } from './views';

const folder = process.env.WEIR_SCREENSHOTS ?? '';

test.skip(!given.url || !folder, 'run `make screenshots`');

/** A workflow of the demo in which something went wrong. */
const WORKFLOW = 'invoice-capture-emea';
const THEMES = ['light', 'dark'] as const;
const SIZES = [
  { name: 'desktop', viewport: { width: 1440, height: 900 }, hasTouch: false },
  { name: 'tablet', viewport: { width: 1024, height: 768 }, hasTouch: true },
  { name: 'phone', viewport: { width: 390, height: 844 }, hasTouch: true },
];

const KINDS = SIZES.flatMap((size) => THEMES.map((theme) => ({ ...size, theme })));
type Kind = (typeof KINDS)[number];

const fileOf = (view: View, { name, theme }: Kind): string => `${view.name}-${name}-${theme}.png`;

/** The views in one size and theme; those for people who are not logged in last. */
async function render(browser: Browser, kind: Kind): Promise<View[]> {
  const context = await browser.newContext({ ...kind, colorScheme: kind.theme });
  const page = await context.newPage();
  await open(page);
  const views = await everyView(page, WORKFLOW);
  views.sort((a, b) => Number(a.outside ?? false) - Number(b.outside ?? false));
  for (const view of views) {
    await show(page, view);
    // The bar at the top and the one below would stand in the middle of a picture of the whole page.
    await page.screenshot({ path: join(folder, fileOf(view, kind)), fullPage: true });
  }
  await context.close();
  return views;
}

/** A page with every picture: a row for each view, a column for each size and theme. */
function indexOf(views: View[]): string {
  const head = KINDS.map(({ name, theme }) => `<th>${name}, ${theme}</th>`).join('');
  const rows = views.map((view) => {
    const cells = KINDS.map((kind) => {
      const file = fileOf(view, kind);
      return `<td><a href="${file}"><img src="${file}" loading="lazy" alt="${view.name}, ${kind.name}, ${kind.theme}"></a></td>`;
    });
    return `<tr><th>${view.name}</th>${cells.join('')}</tr>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Views of Weir</title>
<style>body{font:14px sans-serif;margin:16px}td,th{vertical-align:top;padding:8px;text-align:left}img{max-width:280px;max-height:480px;border:1px solid #ccc}th{position:sticky;top:0;left:0;background:#fff}</style>
<table><tr><th>view</th>${head}</tr>${rows.join('\n')}</table></html>
`;
}

for (const kind of KINDS) {
  test(`every view: ${kind.name}, ${kind.theme}`, async ({ browser }) => {
    test.setTimeout(900_000);
    mkdirSync(folder, { recursive: true });
    const views = await render(browser, kind);
    writeFileSync(join(folder, 'index.html'), indexOf(views));
  });
}
