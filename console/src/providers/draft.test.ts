import { expect, test } from 'vitest';
import { draftOf, formOf } from './draft';

test('what is typed is sent in the form of its kind', () => {
  const draft = { ...draftOf('oidc'), address: 'https://id.example.com', clientId: 'rolecall', secret: 'hush', domains: 'example.com, example.org\nexample.net', claim: 'division', claimValues: 'research, ops' };
  const form = formOf('oidc', draft, true);
  expect(form).toMatchObject({ type: 'oidc', emailDomains: ['example.com', 'example.org', 'example.net'], groupsAbsent: 'refuse' });
  expect(form.oidcData).toEqual({ clientId: 'rolecall', clientSecret: 'hush', discoverDocumentUrl: 'https://id.example.com', scopes: ['email', 'profile'], mandatoryClaim: { claim: 'division', values: ['research', 'ops'] } });
  expect([form.name, form.samlData, form.ocpData]).toEqual([undefined, undefined, undefined]);
});

test('a secret that is not typed anew stays', () => {
  expect(formOf('openshift-v4', draftOf('openshift-v4'), false).ocpData?.clientSecret).toBe('*******');
  expect(formOf('openshift-v4', draftOf('openshift-v4'), true).ocpData?.clientSecret).toBe('');
});

test('metadata come from an address or from a file', () => {
  const draft = { ...draftOf('saml'), address: 'https://id.example.com/metadata', metadata: '<x/>', fileName: 'x.xml' };
  expect(formOf('saml', draft, true).samlData).toMatchObject({ metadataXmlType: 'url', metadataXmlUrl: 'https://id.example.com/metadata' });
  const file = formOf('saml', { ...draft, metadataFrom: 'file' }, true).samlData;
  expect(file).toMatchObject({ metadataXmlType: 'file', metadataXmlFile: '<x/>', fileName: 'x.xml' });
  expect(file).not.toHaveProperty('metadataXmlUrl');
});
