import type { ReactNode } from 'react';
import { Tag } from '@/components/Tag';

/** The word for a class of errors: `rate limit`. */
export const classWords = (name: string | null | undefined): string =>
  (name ?? 'no class').replaceAll('_', ' ');

/** The class of a group of errors. */
export function ClassTag({ of }: { of: string | null | undefined }): ReactNode {
  return <Tag>{classWords(of)}</Tag>;
}
