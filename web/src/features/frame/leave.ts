import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Ends sessions with `end`, then goes to the login page and clears the cache. Throws what `end` throws. */
export function useLeave(): (end: () => Promise<void>) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (end) => {
      await end();
      await navigate({ to: '/login', search: {} });
      client.clear();
    },
    [client, navigate],
  );
}
