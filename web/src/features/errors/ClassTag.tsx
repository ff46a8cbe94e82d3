import type { ReactNode } from 'react';
import { Tag } from '@/components/Tag';
import { errors } from '@/words';

/** The label of an error class: `rate limit`. */
export const classLabel = (name: string | null | undefined): string =>
  (name ?? errors.noClass).replaceAll('_', ' ');

/** The class of an error group. */
export function ClassTag({ of }: { of: string | null | undefined }): ReactNode {
  return <Tag>{classLabel(of)}</Tag>;
}
