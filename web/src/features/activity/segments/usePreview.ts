import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  previewMembers,
  segmentsKey,
  type SegmentDefinition,
  type SegmentMembers,
} from '@/api/segments';
import { useDebounced } from '@/lib/debounced';

/** Typing pauses this long before members are counted. */
const PAUSE_MS = 400;
/** How many members are named. */
const NAMED = 5;

export interface Preview {
  /** The newest count; undefined before the first. */
  members: SegmentMembers | undefined;
  /** The count is not that of the definition as it is now. */
  old: boolean;
  error: unknown;
}

/** Counts who meets a definition while it is edited; null while it is not complete. */
export function usePreview(projectId: string, definition: SegmentDefinition | null): Preview {
  const text = definition && JSON.stringify(definition);
  const asked = useDebounced(text, PAUSE_MS);
  const query = useQuery({
    queryKey: [...segmentsKey(projectId), 'preview', asked],
    enabled: asked !== null,
    retry: false,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      previewMembers(projectId, JSON.parse(asked ?? '{}') as SegmentDefinition, NAMED, signal),
  });
  const waiting = text !== asked || query.isFetching;
  return {
    members: query.data,
    old: text === null || waiting || query.isPlaceholderData,
    error: waiting || text === null ? null : query.error,
  };
}
