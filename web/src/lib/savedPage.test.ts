import { describe, expect, it } from 'vitest';
import { addressOf, pageOf, samePage } from './savedPage';

/** An address after it was saved as JSON and opened. */
const reopened = (address: string): string =>
  addressOf(JSON.parse(JSON.stringify(pageOf(address))) as ReturnType<typeof pageOf>);

describe('a saved page', () => {
  it.each([
    ['/'],
    ['/?range=7d&compare=previous_period'],
    ['/executions?status=failed%2Ccrashed&range=24h&columns=status&columns=id'],
    ['/costs?from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z&tz=Europe/Amsterdam'],
    ['/workflows/orders/map?hide=a&hide=b'],
    ['/workflows/a%2Fb%20c%25%3F%23/steps?range=7d'],
    ['/workflows/%F0%9F%9A%80/errors?range=all'],
    ['/executions?q=100%25+of+%5Bany%5D+%F0%9F%9A%80'],
    ['/executions?q=%5B%22a%22%5D'],
    ['/executions?q=%5Bopen'],
    ['/connectors/%24http%2Fget%26post?range=7d'],
  ])('opens as it was: %s', (address) => {
    expect(reopened(address)).toBe(address);
  });

  it('is kept decoded, part by part', () => {
    expect(pageOf('/workflows/a%2Fb%25/steps?workflow=x+y&workflow=%F0%9F%9A%80&range=7d')).toEqual(
      {
        path: ['workflows', 'a/b%', 'steps'],
        parameters: { workflow: '["x y","🚀"]', range: '7d' },
      },
    );
    expect(pageOf('/').path).toEqual(['overview']);
    expect(pageOf('/workflows/100%').path).toEqual(['workflows', '100%']);
  });

  it('belongs to a project, whichever the address named', () => {
    const page = pageOf('/errors?project=other&range=7d');
    expect(page.parameters).toEqual({ range: '7d' });
    expect(addressOf(page, 'p 1')).toBe('/errors?project=p+1&range=7d');
  });

  it('leads nowhere but to this application, whatever was saved', () => {
    for (const path of [['', 'elsewhere.example'], ['/elsewhere.example'], ['javascript:x']]) {
      const url = new URL(addressOf({ path, parameters: {} }), 'https://weir.example');
      expect(url.origin).toBe('https://weir.example');
    }
  });

  it('is the same in any order of its parameters', () => {
    const page = pageOf('/errors?range=7d&env=production');
    expect(samePage(page, pageOf('/errors?project=p&env=production&range=7d'))).toBe(true);
    expect(samePage(page, pageOf('/errors?range=7d&env=staging'))).toBe(false);
    expect(samePage(page, pageOf('/costs?range=7d&env=production'))).toBe(false);
  });
});
