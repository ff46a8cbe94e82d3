import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { present } from '@/lib/clock';
import { prices as words } from '@/words';
import { useZone } from '../zone';
import type { Draft } from './book';
import { dayAt, startOf } from './days';

/** Begins a price that takes effect today. */
export function AddPrice({ onAdd }: { onAdd: (before: Draft) => void }): ReactNode {
  const zone = useZone();
  const today = (): string => dayAt(new Date(present()).toISOString(), zone);
  return (
    <Button onClick={() => onAdd({ effectiveFrom: startOf(today(), zone) ?? undefined })}>
      {words.card.add}
    </Button>
  );
}
