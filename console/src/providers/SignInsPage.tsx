// Admin, Identity providers, Recent sign-ins: what became of each, found by the person or by the reference that they were shown.
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { idsIn, openWith, whatIsOpen } from '../dialog/address';
import { formatNumber, When } from '../format';
import { SearchBox } from '../list/SearchBox';
import { useListAddress } from '../list/useListAddress';
import { LongText } from '../look/LongText';
import { Status } from '../look/Status';
import { legible } from '../readable';
import { AT_ONCE, resultOf, type SignIn, signInsQuery } from './signIns';

const SignInDialog = lazy(() => import('./SignInDialog'));

const FAILED = 'failed';

export default function SignInsPage() {
  const router = useRouter();
  const [{ dialog, search, tab, page = 1 }, change] = useListAddress();
  const asked = { search, onlyFailed: tab === FAILED, page };
  const { data, error, isPending, isFetching, refetch } = useQuery({ ...signInsQuery(asked), placeholderData: keepPreviousData });
  const [reference] = whatIsOpen(dialog) === 'sign-in' ? idsIn(dialog) : [];
  const isNarrowed = search !== undefined || asked.onlyFailed;
  return (
    <ContentLayout
      breadcrumbs={
        <BreadcrumbGroup
          items={[
            { text: 'Identity providers', href: '/admin/identity-providers' },
            { text: 'Recent sign-ins', href: '' },
          ]}
          onFollow={(event) => {
            event.preventDefault();
            if (event.detail.href !== '') router.history.push(event.detail.href);
          }}
        />
      }
      header={
        <Header
          variant="h1"
          description="With identity providers, in the last seven days. People who were refused know the reference."
          {...(data === undefined || error ? {} : { counter: `(${formatNumber(data.total)})` })}
          actions={<Button iconName="refresh" ariaLabel="Reload the sign-ins" loading={isFetching} onClick={() => void refetch()} />}
        >
          Recent sign-ins
        </Header>
      }
    >
      {error ? (
        <FailureAlert header="The sign-ins cannot be shown" error={error} retry={() => void refetch()} />
      ) : (
        <Table<SignIn>
          items={data?.signIns ?? []}
          trackBy="reference"
          loading={isPending}
          loadingText="Loading sign-ins"
          wrapLines
          columnDefinitions={[
            { id: 'reference', header: 'Reference', isRowHeader: true, cell: (it) => <Reference {...it} onOpen={() => change({ dialog: openWith('sign-in', [it.reference]) })} />, minWidth: 120 },
            { id: 'at', header: 'Time', cell: ({ at }) => <When at={at} otherwise="" />, minWidth: 110 },
            { id: 'result', header: 'Result', cell: (it) => <Result {...it} />, minWidth: 200 },
            { id: 'person', header: 'Person', cell: ({ email }) => <Person email={email ?? undefined} />, minWidth: 180 },
            { id: 'provider', header: 'Provider', cell: ({ idp }) => idp ?? <span className="dim">Removed</span>, minWidth: 110 },
          ]}
          filter={
            <SpaceBetween size="s" direction="horizontal" alignItems="center">
              <div className="search">
                <SearchBox label="Search by email or reference" search={search ?? ''} onChange={(text) => change({ search: text === '' ? undefined : text })} />
              </div>
              <Checkbox checked={asked.onlyFailed} onChange={({ detail }) => change({ tab: detail.checked ? FAILED : undefined, page: undefined })}>
                Failed only
              </Checkbox>
            </SpaceBetween>
          }
          pagination={
            <Pagination
              currentPageIndex={page}
              pagesCount={Math.max(1, Math.ceil((data?.total ?? 0) / AT_ONCE))}
              onChange={({ detail }) => change({ page: detail.currentPageIndex })}
              ariaLabels={{ nextPageLabel: 'Next page', previousPageLabel: 'Previous page', paginationLabel: 'Pages of sign-ins', pageLabel: (number) => `Page ${number}` }}
            />
          }
          empty={<Box color="text-body-secondary">{isNarrowed ? 'No sign-ins match.' : 'Nobody signed in with an identity provider in the last seven days.'}</Box>}
          ariaLabels={{ tableLabel: 'Recent sign-ins' }}
        />
      )}
      {reference !== undefined && (
        <Suspense>
          <SignInDialog reference={reference} onClose={() => change({ dialog: undefined })} />
        </Suspense>
      )}
    </ContentLayout>
  );
}

function Reference({ reference, onOpen }: SignIn & { onOpen: () => void }) {
  return (
    <Link
      href={`?dialog=${openWith('sign-in', [reference])}`}
      onFollow={(event) => {
        event.preventDefault();
        onOpen();
      }}
    >
      {reference}
    </Link>
  );
}

function Person({ email }: { email: string | undefined }) {
  return email === undefined ? <span className="dim">Not known</span> : <LongText>{legible(email)}</LongText>;
}

function Result(it: SignIn) {
  return (
    <SpaceBetween size="xxs" direction="horizontal">
      <Status type={it.problem == null ? 'success' : 'error'}>{resultOf(it)}</Status>
      {it.isTest && <Badge>Test</Badge>}
    </SpaceBetween>
  );
}
