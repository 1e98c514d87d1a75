// Me, My access: what the person can do, where, and by which rule.
import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { CheckAccessButton } from '../decisions/CheckAccessButton';
import { EffectiveAccess } from '../decisions/EffectiveAccess';
import { Author, formatNumber, When } from '../format';
import { useListAddress } from '../list/useListAddress';
import { useHasAccess, useMay } from '../permissions/permissions';
import type { Rule } from '../rules/rules';
import { useSession } from '../session/session';
import { PageLink } from '../shell/PageLink';
import { AT_ONCE, ownRulesQuery, sentenceOf } from './ownRules';

export default function MyAccessPage() {
  const [{ page = 1, search = '', scope }, change] = useListAddress();
  const may = useMay();
  const hasAccess = useHasAccess() === true;
  const rules = useQuery({ ...ownRulesQuery(page), placeholderData: keepPreviousData });
  const reader = useSession();

  const total = rules.data?.totalRecords;
  const pages = Math.max(1, Math.ceil((total ?? 0) / AT_ONCE));
  // A link is old, or was mistyped: the last page there is, rather than none of one's rules.
  const beyond = total !== undefined && !rules.isPlaceholderData && page > pages;
  useEffect(() => {
    if (beyond) change({ page: pages }, { replace: true });
  });
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="What you can do, where, and by which access rule."
          actions={reader && hasAccess && <CheckAccessButton question={{ subject: `user:${reader.username}` }} />}
        >
          My access
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Table<Rule>
          items={rules.error ? [] : (rules.data?.accessRules ?? [])}
          trackBy={({ id }) => String(id)}
          loading={rules.isPending || beyond}
          loadingText="Loading your access rules"
          wrapLines
          columnDefinitions={[
            { id: 'rule', header: 'Rule', cell: (rule) => <RuleCell rule={rule} linked={may(['roles', 'read'])} />, isRowHeader: true, minWidth: 160 },
            { id: 'by', header: 'Authorized by', cell: ({ createdBy }) => <Author name={createdBy} wrap />, minWidth: 175 },
            { id: 'since', header: 'Since', cell: ({ createdAt }) => <When at={createdAt} otherwise="" />, minWidth: 122 },
          ]}
          header={
            <Header variant="h2" description="Each applies to its scope and everything below it." {...(total === undefined ? {} : { counter: `(${formatNumber(total)})` })}>
              Your access rules
            </Header>
          }
          pagination={
            total !== undefined &&
            total > AT_ONCE && (
              <Pagination
                currentPageIndex={page}
                pagesCount={pages}
                onChange={({ detail }) => change({ page: detail.currentPageIndex })}
                ariaLabels={{ nextPageLabel: 'Next page', previousPageLabel: 'Previous page', paginationLabel: 'Pages of your access rules', pageLabel: (number) => `Page ${number}` }}
              />
            )
          }
          empty={
            rules.error ? (
              <FailureAlert header="Your access rules cannot be shown" error={rules.error} retry={() => void rules.refetch()} />
            ) : (
              <Box color="text-body-secondary">You have no access rules. Ask an administrator of your department or of the platform for access.</Box>
            )
          }
          ariaLabels={{ tableLabel: 'Your access rules' }}
        />
        {reader !== undefined && (
          <EffectiveAccess
            subject={{ type: 'user', id: reader.username }}
            isReader
            scope={scope}
            onScope={(scope) => change({ scope })}
            search={search}
            onSearch={(text) => change({ search: text })}
          />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

function RuleCell({ rule, linked }: { rule: Rule; linked: boolean }) {
  const { before, role, after } = sentenceOf(rule);
  return (
    <span className="anywhere">
      {before} {linked ? <PageLink href={`/access/roles/${rule.roleId}`}>{role}</PageLink> : <strong>{role}</strong>} {after}
    </span>
  );
}
