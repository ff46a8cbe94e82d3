import { describe, expect, it } from 'vitest';
import { validateSearch, parseSearch } from '@/lib/search';
import { executionsLink, type Counted } from './executionsLink';

const view = {
  project: { id: 'p1' },
  env: 'production',
  range: { kind: 'last', last: '7d' },
  zone: 'Asia/Tokyo',
  workflows: ['a', 'b'],
} as Counted;

describe('the link to the executions behind a figure', () => {
  it('has the range, the zone and the filters of the page, in parameters that the frame reads', () => {
    const [path, search] = executionsLink(view).split('?');
    expect(path).toBe('/executions');
    expect(validateSearch(parseSearch(search ?? ''))).toMatchObject({
      project: 'p1',
      env: 'production',
      range: '7d',
      tz: 'Asia/Tokyo',
      workflow: ['a', 'b'],
    });
  });

  it('narrows the page by what the figure counts', () => {
    const link = executionsLink(view, {
      workflow: 'a',
      status: ['failed', 'crashed'],
      minDuration: 250,
      during: { from: 0, to: 3_600_000 },
    });
    expect(link).toBe(
      '/executions?project=p1&env=production&from=1970-01-01T00:00:00Z&to=1970-01-01T01:00:00Z&tz=Asia/Tokyo&workflow=a&status=failed&status=crashed&minDuration=250',
    );
  });
});
