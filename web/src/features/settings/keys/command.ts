import type { NewApiKey } from '@/api/identity';

/** A `curl` that shows that a key works: sends an event where it may, else asks a question. */
export function tryCommand(made: Pick<NewApiKey, 'key' | 'scopes'>, origin: string): string {
  const [path, body] = made.scopes.includes('ingest')
    ? [
        '/api/v1/events',
        {
          type: 'execution',
          executionId: 'hello-1',
          workflowId: 'hello',
          status: 'completed',
          duration: 840,
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
