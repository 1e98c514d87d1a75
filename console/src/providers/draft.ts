// What the form for an identity provider holds, and what is sent of it.
import { type Form, type Kind, MASK, type Provider } from './providers';

export interface Draft {
  name: string;
  address: string;
  clientId: string;
  secret: string;
  scopes: string;
  claim: string;
  claimValues: string;
  metadataFrom: 'url' | 'file';
  metadata: string;
  fileName: string;
  entityId: string;
  subjectAttribute: string;
  idpInitiated: boolean;
  domains: string;
  vouched: boolean;
  groupsAbsent: Provider['groupsAbsent'];
  groups: string;
  email: string;
  uid: string;
  gid: string;
  supplementaryGroups: string;
  firstName: string;
  lastName: string;
}

/** What the form begins with: what is stored, or what is usual. */
export function draftOf(kind: Kind, provider?: Provider): Draft {
  const { oidcData: oidc, samlData: saml, ocpData: cluster, mappers } = provider ?? {};
  return {
    name: provider?.alias ?? '',
    address: oidc?.discoverDocumentUrl ?? saml?.metadataXmlUrl ?? cluster?.idpBaseUrl ?? '',
    clientId: oidc?.clientId ?? cluster?.clientId ?? '',
    secret: '',
    scopes: (oidc?.scopes ?? cluster?.scopes ?? (kind === 'oidc' ? ['email', 'profile'] : [])).join(' '),
    claim: oidc?.mandatoryClaim?.claim ?? '',
    claimValues: oidc?.mandatoryClaim?.values.join(', ') ?? '',
    metadataFrom: saml && saml.fileName !== '' ? 'file' : 'url',
    metadata: '',
    fileName: saml?.fileName ?? '',
    entityId: saml?.serviceProviderEntityId ?? '',
    subjectAttribute: saml?.subjectAttribute ?? '',
    idpInitiated: saml?.allowIdpInitiated ?? false,
    domains: provider?.emailDomains.join(', ') ?? '',
    vouched: provider?.emailsVouchedFor ?? false,
    groupsAbsent: provider?.groupsAbsent ?? 'refuse',
    groups: mappers?.groups ?? '',
    email: mappers?.email ?? '',
    uid: mappers?.uid ?? '',
    gid: mappers?.gid ?? '',
    supplementaryGroups: mappers?.supplementaryGroups ?? '',
    firstName: mappers?.firstName ?? '',
    lastName: mappers?.lastName ?? '',
  };
}

/** What is sent. A secret that was not typed anew is the stored one. */
export function formOf(kind: Kind, draft: Draft, isNew: boolean): Form {
  const secret = draft.secret === '' && !isNew ? MASK : draft.secret;
  const scopes = wordsIn(draft.scopes, /\s+/);
  const { groups, email, uid, gid, supplementaryGroups, firstName, lastName } = draft;
  return {
    type: kind,
    ...(isNew && draft.name.trim() !== '' ? { name: draft.name.trim() } : {}),
    ...(kind === 'oidc' && {
      oidcData: {
        clientId: draft.clientId,
        clientSecret: secret,
        discoverDocumentUrl: draft.address,
        scopes,
        mandatoryClaim: draft.claim.trim() === '' ? null : { claim: draft.claim.trim(), values: wordsIn(draft.claimValues, ',') },
      },
    }),
    ...(kind === 'openshift-v4' && { ocpData: { idpBaseUrl: draft.address, clientId: draft.clientId, clientSecret: secret, scopes } }),
    ...(kind === 'saml' && {
      samlData: {
        metadataXmlType: draft.metadataFrom,
        ...(draft.metadataFrom === 'url' ? { metadataXmlUrl: draft.address } : { metadataXmlFile: draft.metadata, fileName: draft.fileName }),
        entityId: draft.entityId,
        subjectAttribute: draft.subjectAttribute,
        allowIdpInitiated: draft.idpInitiated,
      },
    }),
    mappers: { groups, email, uid, gid, supplementaryGroups, firstName, lastName },
    emailDomains: wordsIn(draft.domains, /[\s,]+/),
    emailsVouchedFor: draft.vouched,
    groupsAbsent: draft.groupsAbsent,
  };
}

function wordsIn(text: string, between: string | RegExp): string[] {
  return text.split(between).map((word) => word.trim()).filter((word) => word !== '');
}
