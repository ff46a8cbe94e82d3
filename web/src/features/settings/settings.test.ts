import { describe, expect, test } from 'vitest';
import type { ApiKey } from '@/api/identity';
import { auditSearch, filterOf } from './audit/search';
import { tryCommand } from './keys/command';
import { stateOf } from './keys/state';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;

const key = (more: Partial<ApiKey>): ApiKey => ({
  id: 'k',
  name: 'K',
  prefix: 'weir_k',
  scopes: ['read'],
  environment: null,
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: null,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  replacedBy: null,
  ...more,
});

const at = (offset: number): string => new Date(NOW + offset).toISOString();

describe('keys', () => {
  test.each([
    ['active', {}],
    ['active', { expiresAt: at(60 * DAY) }],
    ['expiring', { expiresAt: at(3 * DAY) }],
    ['expired', { expiresAt: at(0) }],
    ['replaced', { expiresAt: at(DAY), replacedBy: 'other' }],
    ['expired', { expiresAt: at(-DAY), replacedBy: 'other' }],
    ['revoked', { expiresAt: at(-DAY), revokedAt: at(-2 * DAY) }],
  ] as const)('are %s', (state, more) => {
    expect(stateOf(key(more), NOW)).toBe(state);
  });

  test('are tried according to their scopes', () => {
    const command = (scopes: ApiKey['scopes']) =>
      tryCommand({ key: 'weir_secret', scopes }, 'https://weir.example', NOW);
    expect(command(['ingest', 'read'])).toContain('https://weir.example/api/v1/events');
    expect(command(['ingest'])).toContain('"timestamp":"2026-11-22T12:00:00.000Z"');
    expect(command(['read'])).toContain('/api/v1/query');
    expect(command(['read'])).toContain('Bearer weir_secret');
  });
});

describe('the filters of the audit log', () => {
  test('keep what is valid', () => {
    const found = auditSearch({
      kind: 'nothing',
      action: 'key.revoked',
      since: '2026-13',
      actor: 7,
    });
    expect(found).toMatchObject({ action: 'key.revoked', actor: '7' });
    expect(found.kind).toBeUndefined();
    expect(found.since).toBeUndefined();
  });

  test('are whole days in the time zone, including the last one, even if the clock changes', () => {
    const filter = filterOf('p', { since: '2026-10-25', until: '2026-10-25' }, 'Europe/Amsterdam');
    expect(filter.from).toBe('2026-10-24T22:00:00.000Z');
    expect(filter.to).toBe('2026-10-25T23:00:00.000Z');
  });
});
