import type { ReactNode } from 'react';
import { Picker } from '@/components/Picker';
import { costs as words } from '@/words';
import { DEFAULT_SPLIT } from './search';
import type { CostSplit } from './splits';

/** What to split costs by. */
export function SplitPicker(props: {
  splits: CostSplit[];
  split: CostSplit;
  onPick: (dimension: string | undefined) => void;
}): ReactNode {
  const { splits, split } = props;
  return (
    <Picker
      label={words.splitBy}
      icon="layers"
      text={split.label}
      selected={split.dimension}
      options={splits.map(({ dimension, label }) => ({ value: dimension, label }))}
      onPick={(value) => props.onPick(value === DEFAULT_SPLIT ? undefined : value)}
      testId="cost-split"
    />
  );
}
