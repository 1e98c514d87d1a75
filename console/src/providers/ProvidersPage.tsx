// Admin, Identity providers: what people sign in with, besides passwords.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { openWith } from '../dialog/address';
import { formatCount, When } from '../format';
import { useListAddress } from '../list/useListAddress';
import { Copy } from '../look/Copy';
import { LongText } from '../look/LongText';
import { useMayInAccount } from '../organisation/inAccount';
import { PageButton } from '../shell/PageButton';
import { addressesOf, bindingsQuery, type Kind, KINDS, leadingQuery, OFFERED, type Provider, providersQuery } from './providers';

/** The list is there before the dialogs are loaded. */
const ProviderDialog = lazy(() => import('./ProviderDialog'));

export default function ProvidersPage() {
  const [{ dialog }, change] = useListAddress();
  const { data: providers, error, isPending, refetch } = useQuery(providersQuery);
  const { data: leading } = useQuery(leadingQuery);
  const may = useMayInAccount();
  const open = (dialog: string | undefined) => change({ dialog });
  const { data: removed } = useQuery({ ...bindingsQuery(undefined), enabled: may(['users', 'update']) });
  const held = providers?.filter(({ groupsHeld }) => groupsHeld) ?? [];
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="What people sign in with, besides passwords. They appear as SSO users when they first do."
          {...(providers === undefined ? {} : { counter: `(${providers.length})` })}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <PageButton href="/admin/identity-providers/sign-ins">Recent sign-ins</PageButton>
              {may(['security-settings', 'create']) && <NewProvider onChoose={(kind) => open(`new-${kind}`)} />}
            </SpaceBetween>
          }
        >
          Identity providers
        </Header>
      }
    >
      <SpaceBetween size="l">
        {error && <FailureAlert header="The identity providers cannot be shown" error={error} retry={() => void refetch()} />}
        {held.map(({ alias }) => (
          <Alert key={alias} type="error" header={`People who sign in with ${alias} keep their groups`}>
            Within an hour it said of many people that they are in no group any more. It is probably set up wrongly. If it is right, edit and save it: then its word counts.
          </Alert>
        ))}
        {removed !== undefined && removed.users > 0 && (
          <Alert
            header={`${formatCount(removed.users, 'users')} ${removed.users === 1 ? 'is' : 'are'} bound to identity providers that were removed`}
            action={<Button onClick={() => open('unbind-removed')}>End these bindings</Button>}
          >
            They cannot sign in with another one until these bindings end.
          </Alert>
        )}
        {!error && (
          <Table<Provider>
            items={providers ?? []}
            trackBy="alias"
            loading={isPending}
            loadingText="Loading identity providers"
            wrapLines
            stickyColumns={{ last: 1 }}
            columnDefinitions={[
              { id: 'name', header: 'Name', cell: ({ alias }) => alias, isRowHeader: true, minWidth: 110 },
              { id: 'type', header: 'Type', cell: ({ type }) => KINDS[type], minWidth: 130 },
              { id: 'status', header: 'Status', cell: (provider) => <Status {...provider} isLeading={provider.alias === leading} />, minWidth: 130 },
              { id: 'domains', header: 'Email domains', cell: (provider) => <Domains {...provider} />, minWidth: 150 },
              { id: 'addresses', header: 'To enter at the provider', cell: (provider) => <Addresses {...provider} />, minWidth: 260 },
              { id: 'actions', header: 'Actions', cell: ({ alias, enabled }) => <Actions name={alias} enabled={enabled} isLeading={alias === leading} onChoose={(what) => open(openWith(what, [alias]))} />, width: 160, minWidth: 160 },
            ]}
            empty={<Box color="text-body-secondary">There are no identity providers. People sign in with a password.</Box>}
            ariaLabels={{ tableLabel: 'Identity providers' }}
          />
        )}
      </SpaceBetween>
      {dialog !== undefined && (
        <Suspense>
          <ProviderDialog dialog={dialog} onClose={() => open(undefined)} />
        </Suspense>
      )}
    </ContentLayout>
  );
}

function NewProvider({ onChoose }: { onChoose: (kind: Kind) => void }) {
  return (
    <ButtonDropdown variant="primary" items={OFFERED.map(([id, text]) => ({ id, text }))} onItemClick={({ detail }) => OFFERED.forEach(([kind]) => kind === detail.id && onChoose(kind))}>
      + Identity provider
    </ButtonDropdown>
  );
}

function Actions({ name, enabled, isLeading, onChoose }: { name: string; enabled: boolean; isLeading: boolean; onChoose: (what: string) => void }) {
  const may = useMayInAccount();
  if (!may(['security-settings', 'update'])) return null;
  const items = [
    { id: 'edit', text: 'Edit' },
    { id: TEST, text: 'Test sign-in' },
    { id: 'rehearse', text: 'Rehearse sign-ins' },
    isLeading ? { id: 'stay', text: 'Stay on the sign-in page' } : { id: 'lead', text: 'Lead here from the sign-in page' },
    enabled ? { id: 'disable', text: 'Disable' } : { id: 'enable', text: 'Enable' },
    ...(may(['users', 'update']) ? [{ id: 'unbind', text: 'End all bindings' }] : []),
    ...(may(['security-settings', 'delete']) ? [{ id: 'remove', text: 'Remove' }] : []),
  ];
  return (
    <span className="whole">
      <ButtonDropdown ariaLabel={`Actions of ${name}`} expandToViewport items={items} onItemClick={({ detail }) => (detail.id === TEST ? window.location.assign(`/sso/${name}/test`) : onChoose(detail.id))}>
        Actions
      </ButtonDropdown>
    </span>
  );
}

function Status({ enabled, samlData, isLeading }: Provider & { isLeading: boolean }) {
  const [now] = useState(() => Date.now());
  const ends = samlData?.certificateExpiresAt;
  const soon = ends !== undefined && ends !== null && new Date(ends).getTime() - now < NEAR;
  return (
    <SpaceBetween size="xxs">
      <StatusIndicator type={enabled ? 'success' : 'stopped'}>{enabled ? 'Enabled' : 'Disabled'}</StatusIndicator>
      {isLeading && <Box color="text-body-secondary">The sign-in page leads here</Box>}
      {soon && (
        <StatusIndicator type="warning">
          Certificate ends <When at={ends} otherwise="" />
        </StatusIndicator>
      )}
    </SpaceBetween>
  );
}

/** Leads to the provider and back to what came of it. */
const TEST = 'test';

/** Thirty days, in milliseconds. */
const NEAR = 30 * 86_400_000;

function Domains({ emailDomains, emailsVouchedFor }: Provider) {
  if (emailDomains.length === 0) return <span className="dim">Any that it verified</span>;
  return (
    <>
      <LongText>{emailDomains.join(', ')}</LongText>
      {emailsVouchedFor && <Box color="text-body-secondary">Vouched for</Box>}
    </>
  );
}

function Addresses(provider: Provider) {
  return (
    <SpaceBetween size="xxs">
      {addressesOf(provider).map(({ label, value }) => (
        <div key={label}>
          <Box color="text-body-secondary">{label}</Box>
          <span><LongText>{value}</LongText></span> <Copy variant="icon" what={` ${label.toLowerCase()}`} text={value} button={`Copy ${label.toLowerCase()}`} />
        </div>
      ))}
    </SpaceBetween>
  );
}
