import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** Fetches everything about a project's errors again after their grouping has changed. */
export function useRefreshErrors(projectId: string): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['query', projectId] }),
      client.invalidateQueries({ queryKey: ['error rules', projectId] }),
    ]);
  }, [client, projectId]);
}
