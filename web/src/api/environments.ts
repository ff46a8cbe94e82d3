import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** Where the health of the environments is read. */
export const ENVIRONMENTS = '/api/v1/observability/environments';

/** The environments of a project with their health. Durations are milliseconds, rates 0 to 100. */
export type EnvironmentHealth = Schemas['EnvironmentHealth'];
export type Environment = Schemas['EnvironmentLine'];
