import { describe, expect, it } from 'vitest';
import { frameOf, loginSearch, parseSearch, stringifySearch, validateSearch } from './search';

describe('the state in the URL', () => {
  it('survives being written and read', () => {
    const state = {
      range: '7d',
      tz: 'Europe/Amsterdam',
      workflow: ['lead sync', 'a&b'],
      compare: 'previous_year',
      by: 'hour',
      hide: ['failed', 'waiting'],
      table: ['executions'],
      groups: 'all',
    };
    expect(validateSearch(parseSearch(stringifySearch(state)))).toEqual(state);
  });

  it('is readable', () => {
    expect(
      stringifySearch({ from: '2012-01-01T00:00:00Z', tz: 'Asia/Kolkata', q: undefined }),
    ).toBe('?from=2012-01-01T00:00:00Z&tz=Asia/Kolkata');
    expect(stringifySearch({})).toBe('');
  });

  it('one workflow is a list of one', () => {
    expect(validateSearch({ workflow: 'a' })).toEqual({ workflow: ['a'] });
  });

  it('drops what is invalid, so that a mangled link still opens', () => {
    const mangled = {
      range: 'soon',
      tz: 'Mars/Olympus',
      compare: 'x',
      by: 'decade',
      from: '1',
      axis: 'pie',
      groups: '7',
    };
    expect(validateSearch(mangled)).toEqual({});
    // The router merges the valid parameters into those of the address.
    expect({ ...mangled, ...validateSearch(mangled) }).toEqual({});
  });

  it('drops a time zone that is not a name, since the server accepts only names', () => {
    for (const tz of ['+02:00', '-0530', 'Mars/Olympus', '']) {
      expect(validateSearch({ tz }).tz).toBeUndefined();
    }
    expect(validateSearch({ tz: 'UTC' }).tz).toBe('UTC');
  });

  it('a link to the login page leads on to this site and nowhere else', () => {
    for (const to of ['//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example']) {
      const raw = { to, done: 'x', failed: 7 };
      expect({ ...raw, ...loginSearch(raw) }).toEqual({});
    }
    expect(loginSearch({ to: '/workflows?range=7d' }).to).toBe('/workflows?range=7d');
  });

  it('drops a search text and a sort order when their view is left', () => {
    const kept = frameOf({
      range: '7d',
      hide: ['failed'],
      q: 'lead',
      sort: 'p95.desc',
      groups: 'all',
    });
    expect(kept).toEqual({ range: '7d', hide: ['failed'] });
  });
});
