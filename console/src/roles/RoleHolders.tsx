// Who has a role, and where: as much of it as the reader may see.
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { FailureAlert } from '../api/FailureAlert';
import { formatNumber, When } from '../format';
import { LongText } from '../look/LongText';
import { SubjectName } from '../look/SubjectName';
import { useUnseen } from '../organisation/unseen';
import { scopeWord } from '../organisation/words';
import { type Rule, typeOfSubject } from '../rules/rules';
import { PageLink } from '../shell/PageLink';
import { holdersQuery } from './roles';

export function RoleHolders({ role }: { role: { id: number; name: string } }) {
  const { data, error, isPending, refetch } = useQuery(holdersQuery(role.id));
  const unseen = useUnseen('access_rules');
  const all = `/access/rules?${new URLSearchParams({ filterBy: `roleName==${role.name}` }).toString()}`;
  return (
    <Table<Rule>
      items={error ? [] : (data?.accessRules ?? [])}
      trackBy={({ id }) => String(id)}
      loading={isPending}
      loadingText="Loading access rules"
      wrapLines
      columnDefinitions={[
        { id: 'subject', header: 'Subject', cell: ({ subjectId }) => <SubjectName name={subjectId} wrap />, isRowHeader: true, minWidth: 160 },
        { id: 'type', header: 'Type', cell: typeOfSubject },
        { id: 'scope', header: 'Scope', cell: ({ scopeName, scopeType }) => <LongText>{`${scopeName} (${scopeWord(scopeType)})`}</LongText>, minWidth: 160 },
        { id: 'since', header: 'Since', cell: ({ createdAt }) => <When at={createdAt} otherwise="" /> },
      ]}
      header={
        <Header
          variant="h2"
          description={unseen === '' ? 'The access rules that give it.' : 'The access rules you can see.'}
          {...(data === undefined ? {} : { counter: `(${formatNumber(data.totalRecords)})` })}
        >
          Who has it
        </Header>
      }
      footer={data !== undefined && data.totalRecords > 0 && <PageLink href={all}>All access rules with this role</PageLink>}
      empty={
        error ? (
          <FailureAlert header="The access rules cannot be shown" error={error} retry={() => void refetch()} />
        ) : (
          <Box color="text-body-secondary">None{unseen}.</Box>
        )
      }
      ariaLabels={{ tableLabel: 'Who has it' }}
    />
  );
}
