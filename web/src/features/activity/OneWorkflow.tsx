import type { ReactNode } from 'react';
import { Notice } from '@/components/Notice';
import { activity as words } from '@/words';
import { useView } from '../view';

/** Says that figures are those of all workflows, if several are chosen: the API takes one. */
export function OneWorkflow(): ReactNode {
  const several = useView().workflows.length > 1;
  return several && <Notice tone="plain">{words.oneWorkflow}</Notice>;
}
