import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HEALTH } from './state';

it('judges workflows by the thresholds that the server declares for environments', () => {
  const metrics = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const declared =
    /not_enough_data below (\d+) that completed, failed or crashed; unhealthy below a success rate of (\d+) %, degraded below (\d+) %/.exec(
      metrics,
    );
  const [, fewest, failingBelow, degradedBelow] = (declared ?? []).map(Number);
  expect(HEALTH).toEqual({ failingBelow, degradedBelow, fewest });
});
