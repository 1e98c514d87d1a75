// Identity providers, as the API has them.
import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Schemas } from '../api/client';
import { queryClient } from '../api/queries';

export type Provider = Schemas['ProviderView'];
export type Kind = Provider['type'];
export type Form = Schemas['ProviderForm'];

/** What stands for a stored secret. */
export const MASK = '*******';

export const KINDS: Record<Kind, string> = { oidc: 'OpenID Connect', saml: 'SAML 2.0', 'openshift-v4': 'OpenShift v4' };

/** How they are offered, in this order. */
export const OFFERED: readonly (readonly [Kind, string])[] = [
  ['oidc', 'Custom OpenID Connect'],
  ['saml', 'Custom SAML 2.0'],
  ['openshift-v4', 'OpenShift v4'],
];

export const providersQuery = queryOptions({
  queryKey: ['identity-providers'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/idps', { signal })),
});

export interface ReadProvider {
  provider: Provider;
  tag: string | undefined;
}

export function providerQuery(name: string) {
  return queryOptions({
    queryKey: ['identity-providers', 'one', name],
    queryFn: async ({ signal }): Promise<ReadProvider> => {
      const { body, tag } = await answerWithTag(api.GET('/api/v1/idps/{idp}', { params: { path: { idp: name } }, signal }));
      return { provider: body, tag };
    },
    // What a form was filled in with is no older than its dialog.
    gcTime: 0,
  });
}

/** Its name. */
export async function createProvider(body: Form, signal: AbortSignal): Promise<string> {
  try {
    return (await answer(api.POST('/api/v1/idps', { body, signal }))).alias;
  } finally {
    providersChanged();
  }
}

export async function changeProvider({ provider, tag }: ReadProvider, body: Form, signal: AbortSignal): Promise<void> {
  const header = tag === undefined ? {} : { 'If-Match': tag };
  try {
    await answer(api.PUT('/api/v1/idps/{idp}', { params: { path: { idp: provider.alias }, header }, body, signal }));
  } finally {
    providersChanged();
  }
}

export async function removeProvider({ provider, tag }: ReadProvider, signal: AbortSignal): Promise<void> {
  const header = tag === undefined ? {} : { 'If-Match': tag };
  try {
    await answer(api.DELETE('/api/v1/idps/{idp}', { params: { path: { idp: provider.alias }, header }, signal }));
  } finally {
    providersChanged();
  }
}

/** Whom it would affect if the bindings of all users to people at a provider ended; without a name, at those that were removed. */
export function bindingsQuery(name: string | undefined) {
  return queryOptions({
    queryKey: ['identity-providers', 'bindings', name ?? null],
    queryFn: ({ signal }) =>
      answer(name === undefined ? api.GET('/api/v1/removed-idps/bindings', { signal }) : api.GET('/api/v1/idps/{idp}/bindings', { params: { path: { idp: name } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Ends them, some at a time; tells how many have ended so far. */
export async function endBindings(name: string | undefined, told: (ended: number) => void, signal: AbortSignal): Promise<number> {
  const some = (query: { pageToken?: string }) =>
    name === undefined ? api.DELETE('/api/v1/removed-idps/bindings', { params: { query }, signal }) : api.DELETE('/api/v1/idps/{idp}/bindings', { params: { path: { idp: name }, query }, signal });
  let all = 0;
  try {
    for (let query = {}; ; ) {
      const { ended, next } = await answer(some(query));
      all += ended;
      told(all);
      if (next == null) return all;
      query = { pageToken: next };
    }
  } finally {
    void queryClient.invalidateQueries({ queryKey: ['users'] });
    void queryClient.invalidateQueries({ queryKey: bindingsQuery(name).queryKey });
  }
}

/** The provider that the sign-in page leads to by itself. */
export const leadingQuery = queryOptions({
  queryKey: ['identity-providers', 'leading'],
  queryFn: async ({ signal }) => {
    const path = { key: 'autoRedirectSSO' as const };
    return (await answer(api.GET('/api/v1/security/settings/{key}', { params: { path }, signal }))).idpAlias ?? null;
  },
});

/** Has the sign-in page lead to that provider by itself, or to none. */
export async function leadTo(name: string | undefined, signal: AbortSignal): Promise<void> {
  const body = name === undefined ? { enabled: false } : { enabled: true, idpAlias: name };
  try {
    await answer(api.PUT('/api/v1/security/settings/{key}', { params: { path: { key: 'autoRedirectSSO' } }, body, signal }));
  } finally {
    void queryClient.invalidateQueries({ queryKey: leadingQuery.queryKey });
  }
}

/** The addresses that are entered at the provider. */
export function addressesOf({ redirectUri, oidcData, samlData }: Provider): { label: string; value: string }[] {
  if (samlData) {
    return [
      { label: 'Metadata', value: samlData.serviceProviderMetadataUrl },
      { label: 'Reply address (ACS)', value: redirectUri },
      { label: 'Logout address (SLO)', value: samlData.serviceProviderLogoutUrl },
    ];
  }
  const redirect = { label: 'Redirect URI', value: redirectUri };
  if (!oidcData) return [redirect];
  return [redirect, { label: 'Post-logout redirect URI', value: oidcData.postLogoutRedirectUri }, { label: 'Back-channel logout URI', value: oidcData.backchannelLogoutUri }];
}

/** Also after a failure: the answer may have been lost, and not the change. One by itself is what it was, or gone. */
function providersChanged() {
  void queryClient.invalidateQueries({ queryKey: ['identity-providers'], exact: true });
  void queryClient.invalidateQueries({ queryKey: bindingsQuery(undefined).queryKey });
}
