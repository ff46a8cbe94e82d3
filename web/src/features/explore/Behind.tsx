import type { ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { figure } from '@/lib/format';
import { explore as words } from '@/words';
import { useCounted } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { numberOf } from '../rows';
import { behind } from './executionsBehind';
import type { Dimension } from './catalogue';
import type { Line } from './rows';

/** A figure of an answer, which leads to the executions behind it if the list can show them. */
export function Behind(props: {
  answer: Answer;
  groups: Dimension[];
  line: Line;
  metric: MetricInfo;
}): ReactNode {
  const { answer, groups, line, metric } = props;
  const counted = useCounted(answer);
  const value = numberOf(line.row, metric.name);
  const shown = figure(value, metric.unit);
  // The sum of what is not listed is of groups that the answer does not name.
  const whole = groups.length === 0;
  const filters = value && (line.listed || whole) ? behind(answer, groups, line.row, metric) : null;
  if (!filters) return shown;
  return (
    <FigureLink
      view={counted}
      filters={filters}
      label={words.behind(shown, words.group(line.names))}
    >
      {shown}
    </FigureLink>
  );
}
