import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/api/client';
import { askAgain } from './recovery';

describe('a server that is back', () => {
  test('is asked again for what it could not answer, and not for what it refused or has answered', async () => {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const asked: Record<string, number> = {};
    const follow = (name: string, status: number | null): (() => void) => {
      const queryFn = (): Promise<string> => {
        asked[name] = (asked[name] ?? 0) + 1;
        const problem = { title: name, status: status ?? 200, code: name };
        const fails = status !== null && asked[name] === 1;
        return fails ? Promise.reject(new ApiError(problem)) : Promise.resolve(name);
      };
      return new QueryObserver(client, { queryKey: [name], queryFn }).subscribe(() => undefined);
    };
    const stops = [
      follow('gone', 0),
      follow('starting', 503),
      follow('refused', 403),
      follow('answered', null),
    ];
    await vi.waitFor(() => expect(client.isFetching()).toBe(0));
    await askAgain(client);
    expect(asked).toEqual({ gone: 2, starting: 2, refused: 1, answered: 1 });
    expect(client.getQueryData(['gone'])).toBe('gone');
    stops.forEach((stop) => stop());
  });
});
