import { useSearch } from '@tanstack/react-router';
import { ANNOTATION_KINDS, type AnnotationKind } from '@/api/annotations';

/** What the page of annotations understands in the URL, apart from what every page has. */
export interface AnnotationsSearch {
  /** Only this kind. */
  about?: AnnotationKind;
}

/** Keeps what is valid and drops the rest. */
export const annotationsSearch = (raw: Record<string, unknown>): AnnotationsSearch => ({
  about: ANNOTATION_KINDS.find((kind) => kind === raw.about),
});

/** The kind that the page lists; undefined for all. */
export function useKindSearch(): AnnotationKind | undefined {
  const search: AnnotationsSearch = useSearch({ strict: false });
  return search.about;
}
