import { describe, expect, it } from 'vitest';
import { answered, effective, emptyCopy, parseCopy, zoneOf, type Copy } from './preferences';
import { browserZone } from './zone';

const copy: Copy = {
  ...emptyCopy('ada'),
  revision: 3,
  saved: { ...emptyCopy('ada').saved, theme: 'dark', range: '7d' },
  pending: { range: '24h' },
};

describe('the copy of preferences in this browser', () => {
  it('has what was chosen here before what the server has', () => {
    expect(effective(copy)).toMatchObject({ theme: 'dark', range: '24h', timezone: null });
  });

  it('survives being remembered, and anything else that is remembered is none', () => {
    expect(parseCopy(JSON.stringify(copy))).toEqual(copy);
    for (const text of [null, '', '{', 'null', '[]', '{"person":7}']) {
      expect(parseCopy(text)).toBeNull();
    }
  });

  it('takes over an answer, and keeps what the server has not got yet', () => {
    const next = answered(copy, { revision: 4, theme: 'light', range: '30d' });
    expect(next.revision).toBe(4);
    expect(effective(next)).toMatchObject({ theme: 'light', range: '24h' });
  });

  it('has nothing left to send once it is answered, unless it was chosen again meanwhile', () => {
    const sent = copy.pending;
    expect(answered(copy, { revision: 4, range: '24h' }, sent).pending).toEqual({});
    const again = { ...copy, pending: { range: 'all' } };
    expect(answered(again, { revision: 4, range: '24h' }, sent).pending).toEqual({ range: 'all' });
  });
});

it('the zone of a page is the preferred one, if this browser knows it', () => {
  const { saved } = copy;
  expect(zoneOf({ ...saved, timezone: 'Asia/Kolkata' })).toBe('Asia/Kolkata');
  expect(zoneOf({ ...saved, timezone: 'Mars/Olympus' })).toBe(browserZone());
  expect(zoneOf(saved)).toBe(browserZone());
});
