// A certified OpenID provider on a free local port, for Weir's end-to-end tests. The test sets over HTTP who logs in next
// and which key signs tokens. Prints its issuer to standard output.
//
// Usage: node provider.mjs REDIRECT_URI
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
let account = { sub: 'nobody' };
let handler;

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  start();
  process.stdout.write(`issuer ${issuer()}\n`);
});
// Standard input closes when the test that started this process ends; then the process ends too.
process.stdin.resume().on('end', () => process.exit(0));

function issuer() {
  return `http://127.0.0.1:${server.address().port}`;
}

/** Makes the provider anew, with a new key. */
function start() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  const provider = new Provider(issuer(), {
    clients: [{ client_id: 'weir', client_secret: 'a-client-secret', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['test'] },
    jwks: { keys: [key] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...account, sub }) }),
    async loadExistingGrant(context) {
      const { client, session } = context.oidc;
      const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  handler = async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response);
    return provider.interactionFinished(request, response, { login: { accountId: account.sub, remember: false } });
  };
}

async function answer(request, response) {
  if (request.url === '/test/account') account = JSON.parse(await text(request));
  else if (request.url === '/test/rotate') start();
  else return handler(request, response);
  response.end();
}

async function text(request) {
  let all = '';
  for await (const part of request) all += part;
  return all;
}
