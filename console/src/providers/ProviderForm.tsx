// A new identity provider, or the settings of one.
import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { Failure, FieldProblem, problemIn } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { FormDialog } from '../dialog/FormDialog';
import { notify } from '../notices/notices';
import { type Draft, draftOf, formOf } from './draft';
import { RehearsalText } from './RehearsalText';
import { rehearse, type Rehearsal } from './signIns';
import { changeProvider, createProvider, type Kind, KINDS, type ReadProvider } from './providers';

/** The fields of the API, each with the one here that it is typed in. */
const FIELDS: Partial<Record<string, keyof Draft>> = {
  name: 'name',
  discoverDocumentUrl: 'address',
  metadataXmlUrl: 'address',
  idpBaseUrl: 'address',
  metadataXmlFile: 'metadata',
  clientId: 'clientId',
  clientSecret: 'secret',
  scopes: 'scopes',
  claim: 'claim',
  values: 'claimValues',
  entityId: 'entityId',
  emailDomains: 'domains',
  emailsVouchedFor: 'domains',
};

const ABSENT: readonly { value: Draft['groupsAbsent']; label: string; description: string }[] = [
  { value: 'refuse', label: 'The sign-in fails', description: 'Nobody keeps or loses groups by a mistake.' },
  { value: 'none', label: 'They are in none', description: 'For providers that leave an empty list out.' },
  { value: 'keep', label: 'They keep those that are known', description: 'Leaving the last group does not count then, until the known ones are too old.' },
];

interface Shared {
  draft: Draft;
  problem: { field: keyof Draft; text: string } | undefined;
  set: (part: Partial<Draft>) => void;
}

const Fields = createContext<Shared | undefined>(undefined);

export function ProviderForm({ kind, read, onClose }: { kind: Kind; read?: ReadProvider; onClose: () => void }) {
  const isNew = read === undefined;
  const [draft, setDraft] = useState(() => draftOf(kind, read?.provider));
  const [problem, setProblem] = useState<Shared['problem']>();
  /** What saving would change for the people who are known, once that was asked. */
  const [preview, setPreview] = useState<Rehearsal | Failure>();
  const set = (part: Partial<Draft>) => {
    // What was said of one provider is not said of another one.
    const moved = !isNew && ('address' in part || 'metadata' in part || 'metadataFrom' in part);
    setDraft((before) => ({ ...before, ...part, ...(moved ? { vouched: false, idpInitiated: false } : {}) }));
    if (problem && problem.field in part) setProblem(undefined);
    setPreview(undefined);
  };
  const missing = needed(kind, draft, isNew);
  const act = async (signal: AbortSignal): Promise<string | Rehearsal | Failure> => {
    const form = formOf(kind, draft, isNew);
    if (read === undefined) return createProvider(form, signal);
    if (preview === undefined) {
      const coming = await rehearse(read.provider.alias, { settings: form }, signal).catch(instead);
      if (coming instanceof Failure || coming.told.length + coming.unknown > 0 || coming.more) return coming;
    }
    await changeProvider(read, form, signal);
    return read.provider.alias;
  };
  return (
    <FormDialog
      title={isNew ? `New identity provider: ${KINDS[kind]}` : `Edit ${read.provider.alias}`}
      submit={isNew ? 'Create' : preview === undefined ? 'Save' : 'Save all the same'}
      ready={() => {
        setProblem(missing && { field: missing, text: 'Required.' });
        return missing === undefined;
      }}
      act={(signal) => act(signal).catch(problemIn(Object.keys(FIELDS), 'name'))}
      onDone={(done) => {
        if (done instanceof FieldProblem) {
          setProblem({ field: FIELDS[done.field] ?? 'name', text: done.text });
          return;
        }
        if (typeof done !== 'string') {
          setPreview(done);
          return;
        }
        notify({ type: 'success', content: isNew ? `${done} was created. Enter its addresses at the provider.` : `${done} was saved.` });
        onClose();
      }}
      onClose={onClose}
    >
      <Fields value={{ draft, problem, set }}>
        <SpaceBetween size="m">
          {isNew && <Field of="name" label="Name" optional hint={`Part of its addresses, and cannot be changed later. Default: ${kind}.`} />}
          {kind === 'saml' ? <Saml stored={read?.provider.samlData?.fileName ?? ''} /> : <Client kind={kind} isNew={isNew} />}
          <Field of="domains" label="Email domains" optional hint="Those that it may assert, without their subdomains. Any when empty." placeholder="example.com, example.org" />
          <Tick of="vouched" label="I vouch for its emails in these domains" hint={vouching(kind)} />
          <FormField label="When it does not say which groups a person is in" description="Not even an empty list.">
            <RadioGroup
              value={draft.groupsAbsent}
              onChange={({ detail }) => ABSENT.forEach(({ value }) => value === detail.value && set({ groupsAbsent: value }))}
              items={ABSENT}
            />
          </FormField>
          <Attributes kind={kind} />
          {preview !== undefined && <Preview rehearsal={preview} />}
        </SpaceBetween>
      </Fields>
    </FormDialog>
  );
}

/** A server that cannot tell what saving does must keep nobody from saving; one that refuses the settings does. */
function instead(error: unknown): Failure {
  if (error instanceof Failure && (error.isPassing || error.status === 413 || error.status >= 500)) return error;
  throw error;
}

/** It stands below the fields, and comes into view. */
function Preview({ rehearsal }: { rehearsal: Rehearsal | Failure }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} role="status">
      <SpaceBetween size="xs">
        <Box variant="h3">Not saved yet: at their next sign-in</Box>
        {rehearsal instanceof Failure ? <FailureAlert header="What saving would do cannot be told" error={rehearsal} /> : <RehearsalText rehearsal={rehearsal} isOne={false} />}
      </SpaceBetween>
    </div>
  );
}

/** The first field that must not be empty, and is. */
function needed(kind: Kind, draft: Draft, isNew: boolean): keyof Draft | undefined {
  const isFile = kind === 'saml' && draft.metadataFrom === 'file';
  // Stored metadata are kept.
  const isKept = isFile && draft.fileName !== '' && !isNew;
  const fields: (keyof Draft)[] = isKept ? [] : isFile ? ['metadata'] : ['address'];
  if (kind === 'oidc') fields.push('clientId');
  if (kind !== 'saml' && isNew) fields.push('secret');
  return fields.find((field) => String(draft[field]).trim() === '');
}

function vouching(kind: Kind): string {
  const usual = 'It gives each person only their own email there.';
  return kind === 'oidc' ? `${usual} Needed where it does not say that it verified them, as Entra ID and Okta.` : `${usual} Needed: it never says that it verified them.`;
}

function Client({ kind, isNew }: { kind: Kind; isNew: boolean }) {
  const isOidc = kind === 'oidc';
  return (
    <SpaceBetween size="m">
      {isOidc ? (
        <Field of="address" label="Discovery document URL" hint="Or the address of the issuer." placeholder="https://id.example.com/.well-known/openid-configuration" />
      ) : (
        <Field of="address" label="Base URL" hint="Of the cluster's API." placeholder="https://api.gpu.example.com:6443" />
      )}
      <Field of="clientId" label="Client ID" optional={!isOidc} {...(isOidc ? {} : { hint: 'runai if left out.' })} />
      <Field of="secret" label="Client secret" type="password" {...(isNew ? {} : { hint: 'Leave it empty to keep the stored one.' })} />
      <Field of="scopes" label="Scopes" optional hint={isOidc ? 'Besides openid, with spaces between them.' : 'Besides user:info, with spaces between them.'} />
      {isOidc && (
        <ExpandableSection headerText="Mandatory claim" variant="footer">
          <SpaceBetween size="m">
            <Field of="claim" label="Claim" optional hint="Only people who carry it sign in." />
            <Field of="claimValues" label="Accepted values" optional hint="With commas between them." />
          </SpaceBetween>
        </ExpandableSection>
      )}
    </SpaceBetween>
  );
}

function Saml({ stored }: { stored: string }) {
  const { draft, problem, set } = useFields();
  const isFile = draft.metadataFrom === 'file';
  return (
    <SpaceBetween size="m">
      <FormField label="Metadata of the provider">
        <RadioGroup
          value={draft.metadataFrom}
          onChange={({ detail }) => set({ metadataFrom: detail.value === 'file' ? 'file' : 'url' })}
          items={[
            { value: 'url', label: 'From an address', description: 'It is read again by itself, so new certificates are known.' },
            { value: 'file', label: 'As text' },
          ]}
        />
      </FormField>
      {isFile ? (
        <FormField label="Metadata" stretch description={stored === '' ? 'The XML that the provider offers.' : `Leave it empty to keep ${stored}.`} errorText={problem?.field === 'metadata' ? problem.text : undefined}>
          <Textarea value={draft.metadata} rows={6} spellcheck={false} placeholder="<EntityDescriptor …" onChange={({ detail }) => set({ metadata: detail.value, fileName: 'metadata.xml' })} />
        </FormField>
      ) : (
        <Field of="address" label="Metadata URL" placeholder="https://id.example.com/saml/metadata" />
      )}
      <Field of="entityId" label="Entity ID of Rolecall" optional hint="The address of its metadata if left out." />
      <Field of="subjectAttribute" label="Attribute that names the person" optional hint="For good, such as an employee number. The NameID if left out." />
      <Tick of="idpInitiated" label="A sign-in may begin at the provider" hint="Any page can then sign a visitor in as another person." />
    </SpaceBetween>
  );
}

function Attributes({ kind }: { kind: Kind }) {
  return (
    <ExpandableSection headerText="Attributes" variant="footer" headerDescription={kind === 'saml' ? 'Names of attributes; NameID is the NameID.' : 'Names of claims; a.b is b in a.'}>
      <SpaceBetween size="m">
        <Field of="groups" label="Groups" optional placeholder="GROUPS" />
        <Field of="email" label="Email" optional placeholder="email" />
        <Field of="firstName" label="First name" optional placeholder="firstName or given_name" />
        <Field of="lastName" label="Last name" optional placeholder="lastName or family_name" />
        <Field of="uid" label="Linux user ID" optional placeholder="UID" />
        <Field of="gid" label="Linux group ID" optional placeholder="GID" />
        <Field of="supplementaryGroups" label="Linux supplementary groups" optional placeholder="SUPPLEMENTARYGROUPS" />
      </SpaceBetween>
    </ExpandableSection>
  );
}

function useFields(): Shared {
  const shared = useContext(Fields);
  if (shared === undefined) throw new Error('a field stands outside of the form');
  return shared;
}

type Text = { [K in keyof Draft]: Draft[K] extends string ? K : never }[keyof Draft];
type Choice = { [K in keyof Draft]: Draft[K] extends boolean ? K : never }[keyof Draft];

interface FieldProps extends Pick<InputProps, 'placeholder' | 'type'> {
  of: Exclude<Text, 'metadataFrom'>;
  label: string;
  hint?: string;
  optional?: boolean;
}

function Field({ of, label, hint, optional = false, ...input }: FieldProps) {
  const { draft, problem, set } = useFields();
  return (
    <FormField label={optional ? <Optional>{label}</Optional> : label} description={hint} errorText={problem?.field === of ? problem.text : undefined}>
      <Input {...input} value={draft[of]} autoComplete="off" spellcheck={false} onChange={({ detail }) => set({ [of]: detail.value })} />
    </FormField>
  );
}

function Optional({ children }: { children: ReactNode }) {
  return (
    <>
      {children} <i>- optional</i>
    </>
  );
}

function Tick({ of, label, hint }: { of: Choice; label: string; hint: string }) {
  const { draft, set } = useFields();
  return (
    <Checkbox checked={draft[of]} description={hint} onChange={({ detail }) => set({ [of]: detail.checked })}>
      {label}
    </Checkbox>
  );
}
