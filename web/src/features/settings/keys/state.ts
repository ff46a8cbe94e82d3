import type { ApiKey } from '@/api/identity';

/** The state of a key. `replaced`: it was rotated, and works until it expires. */
export type KeyState = 'active' | 'expiring' | 'replaced' | 'expired' | 'revoked';

const SOON_MS = 14 * 86_400_000;

/** The state of a key at a given time (epoch milliseconds). */
export function stateOf(key: ApiKey, now: number): KeyState {
  if (key.revokedAt) return 'revoked';
  const expires = key.expiresAt ? Date.parse(key.expiresAt) : null;
  if (expires !== null && expires <= now) return 'expired';
  if (key.replacedBy) return 'replaced';
  return expires !== null && expires - now < SOON_MS ? 'expiring' : 'active';
}
