import { annotations as words } from '@/words';

/** A `curl` command with which a deployment pipeline adds its release, with the prefix of the project's key if there is one. */
export function releaseCommand(origin: string, keyPrefix: string | null | undefined): string {
  const key = keyPrefix ? `${keyPrefix}…` : words.empty.yourKey;
  const body = { kind: 'release', title: words.empty.example, version: '1.4.0' };
  return [
    `curl -X POST ${origin}/api/v1/annotations \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}
