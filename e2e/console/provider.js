// A real OpenID Connect provider on loopback, with people who sign in by a name alone.
import { AsyncLocalStorage } from 'node:async_hooks';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/** What a server needs to be told so that it may ask this provider. */
export const REACHABLE = ['--outbound-networks', '127.0.0.0/8'];

/** How wrong the clock is for what runs in it, in seconds: a provider's, and never the test's own. */
const clockError = new AsyncLocalStorage();
const rightTime = Date.now;
Date.now = () => rightTime() + 1000 * (clockError.getStore() ?? 0);

const CLIENT = 'rolecall';
const SECRET = 'juniper-Anvil-77-thaw';

/** Starts a provider for the server at that address. `people` are claims by name, read at each sign-in. */
export async function startProvider(rolecall, people, name = 'oidc') {
  const http = createServer();
  await new Promise((listening) => http.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${http.address().port}`;
  const ours = `${rolecall}/sso/${name}`;
  let provider = create(issuer, ours, people);
  let seconds = 0;
  http.on('request', (request, response) => clockError.run(seconds, () => provider.callback()(request, response)));
  const stop = () => {
    http.closeAllConnections();
    return new Promise((closed) => http.close(closed));
  };
  return {
    issuer,
    stop,
    /** What an administrator registers here. */
    settings: {
      type: 'oidc',
      name,
      oidcData: { clientId: CLIENT, clientSecret: SECRET, discoverDocumentUrl: `${issuer}/.well-known/openid-configuration`, scopes: ['email', 'groups'], mandatoryClaim: null },
      mappers: { groups: 'groups' },
    },
    /** From now on its clock is so many seconds ahead. */
    setClock(ahead) {
      seconds = ahead;
    },
    /** Signs with another key from now on, and forgets who is signed in. */
    rotateKeys() {
      provider = create(issuer, ours, people);
    },
  };
}

function create(issuer, ours, people) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        client_secret: SECRET,
        redirect_uris: [`${ours}/callback`],
        post_logout_redirect_uris: [`${ours}/signed-out`],
        backchannel_logout_uri: `${ours}/backchannel-logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of this test'] },
    claims: { email: ['email', 'email_verified'], groups: ['groups', 'hasgroups'] },
    scopes: ['openid', 'email', 'groups'],
    // Claims come with the token itself; otherwise the provider keeps them for its userinfo endpoint.
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    // Its own page of errors asks for a font elsewhere.
    renderError(context, out) {
      context.type = 'text';
      context.body = JSON.stringify(out);
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        // Of itself it asks in an own page, whose font is elsewhere.
        logoutSource(context, form) {
          context.body = `${HEAD}<h1>Sign out of the provider?</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Yes</button></main></html>`;
        },
        postLogoutSuccessSource(context) {
          context.body = `${HEAD}<h1>Signed out of the provider</h1></main></html>`;
        },
      },
    },
    // Of itself it posts logout tokens to no address of this machine.
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 3600, Session: 3600 },
    // Nobody is asked whether Rolecall may know them.
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email groups');
      await grant.save();
      return grant;
    },
  });
  provider.on('backchannel.error', (_, error) => console.error('a logout token was refused:', error));
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    if (context.method === 'GET') {
      context.type = 'html';
      context.body = PAGE;
      return;
    }
    const { who, cancel } = Object.fromEntries(await form(context.req));
    const result = cancel === undefined ? { login: { accountId: who } } : { error: 'access_denied', error_description: 'canceled by the person' };
    await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
    context.respond = false;
  });
  return provider;
}

const HEAD = '<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><main>';
const PAGE = `${HEAD}<h1>The provider</h1>
<form method="post"><label>Name <input name="who"></label> <button>Continue</button> <button name="cancel" value="1">Cancel</button></form></main></html>`;

async function form(request) {
  let body = '';
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}
