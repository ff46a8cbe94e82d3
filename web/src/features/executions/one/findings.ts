import type { Finding } from '@/api/executions';
import { compactTrimmed, exact, figure, isolated } from '@/lib/format';
import { executions as words } from '@/words';

const text = words.one.unusual;

/** A finding as a sentence. */
export function findingText(finding: Finding): string {
  const { kind, value, unit, typical, ratio, samples } = finding;
  const name = finding.step ? isolated(finding.step.name ?? finding.step.id) : '';
  const shown = figure(value, unit);
  const usual = figure(typical, unit);
  const times = ratio == null ? null : compactTrimmed(Number(ratio.toPrecision(2)));
  switch (kind) {
    case 'slow':
      return text.slow(shown, usual, times);
    case 'slow_step':
      return 2 * (finding.wait ?? 0) > value
        ? text.waitedLonger(name, shown, usual, times)
        : text.slowStep(name, shown, usual, times);
    case 'expensive':
      return text.expensive(shown, usual, times);
    case 'many_attempts':
      return text.manyAttempts(name, exact(value), usual);
    case 'new_error':
      return text.newError;
    case 'rare_error':
      return text.rareError(exact(value), exact(typical ?? samples));
    case 'rare_path':
      return text.rarePath(exact(value), exact(typical ?? samples));
    case 'first_of_version':
      return text.firstOfVersion;
    case 'unusual_size':
      return text.unusualSize(name, exact(samples));
  }
}
