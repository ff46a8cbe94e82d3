import type { NewApiKey } from '@/api/identity';

/**
 * A `curl` command that tries a key: it sends an event of the time `now` (epoch milliseconds) if the key may, otherwise it
 * runs a query.
 */
export function tryCommand(
  made: Pick<NewApiKey, 'key' | 'scopes'>,
  origin: string,
  now: number,
): string {
  const [path, body] = made.scopes.includes('ingest')
    ? [
        '/api/v1/events',
        {
          type: 'execution',
          executionId: 'hello-1',
          workflowId: 'hello',
          workflowName: 'Hello',
          status: 'completed',
          duration: 840,
          timestamp: new Date(now).toISOString(),
        },
      ]
    : ['/api/v1/query', { metrics: ['executions'], range: { last: '30d' } }];
  return [
    `curl ${origin}${path} \\`,
    `  -H 'Authorization: Bearer ${made.key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}
