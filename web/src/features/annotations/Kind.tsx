import type { ReactNode } from 'react';
import type { AnnotationKind } from '@/api/annotations';
import { Icon, type IconName } from '@/components/Icon';
import { annotations as words } from '@/words';

/** The look of each kind, in the colours that charts mark it with. */
const LOOK: Record<AnnotationKind, { icon: IconName; ink: string }> = {
  release: { icon: 'flag', ink: 'text-ink-2' },
  incident: { icon: 'warning', ink: 'text-bad' },
  note: { icon: 'paper', ink: 'text-note' },
};

/** What an annotation is about: an icon and a word. */
export function Kind({ of }: { of: AnnotationKind }): ReactNode {
  const { icon, ink } = LOOK[of];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${ink}`}>
      <Icon name={icon} size={14} /> {words.kinds[of]}
    </span>
  );
}
