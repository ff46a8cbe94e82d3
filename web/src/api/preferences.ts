import { call, pacedCall } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A person's preferences, with their revision. */
export type StoredPreferences = Schemas['Preferences'];
export type PreferencesInput = Schemas['PreferencesInput'];

const PATH = '/api/v1/profile/preferences';

export const readPreferences = (signal?: AbortSignal): Promise<StoredPreferences> =>
  pacedCall('GET', PATH, undefined, signal);

/** Replaces the preferences, unless another browser has changed them since this revision. */
export const putPreferences = (
  input: PreferencesInput,
  revision: number,
): Promise<StoredPreferences> => call('PUT', PATH, input, undefined, `"${revision}"`);
