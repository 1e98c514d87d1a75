// Who has which role in a scope, there or by inheritance from above.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQueries } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { FailureAlert } from '../api/FailureAlert';
import { formatNumber } from '../format';
import { LongText } from '../look/LongText';
import { SubjectName } from '../look/SubjectName';
import { allows, permissionsQuery, useMay } from '../permissions/permissions';
import { type Rule, typeOfSubject } from '../rules/rules';
import { PageLink } from '../shell/PageLink';
import { keyOf, type Node, type Place } from './organisation';
import { useUnseen } from './unseen';
import { scopeWord } from './words';

const AT_ONCE = 100;

interface Row {
  rule: Rule;
  from: Node;
}

export function ScopeRules({ place: { node, above } }: { place: Place }) {
  const levels = [node, ...above];
  const answers = useQueries({ queries: levels.map(rulesIn) });
  const permissions = useQueries({ queries: levels.map((level) => permissionsQuery(keyOf(level))) });

  const rows = levels.flatMap((from, index): Row[] => answers[index]?.data?.accessRules.map((rule) => ({ rule, from })) ?? []);
  const total = answers.reduce((sum, { data }) => sum + (data?.totalRecords ?? 0), 0);
  const unseen = useUnseen('access_rules');
  const readsRoles = useMay()(['roles', 'read']);
  const isPending = answers.some(({ isPending }) => isPending);
  const failed = answers.find(({ error }) => error);
  const full = levels.filter((_, index) => (answers[index]?.data?.totalRecords ?? 0) > AT_ONCE);
  const partly = levels.filter((_, index) => {
    const data = permissions[index]?.data;
    return data !== undefined && !allows(data, ['access_rules', 'read']);
  });
  return (
    <Table<Row>
      items={failed ? [] : rows}
      trackBy={({ rule }) => String(rule.id)}
      loading={isPending}
      loadingText="Loading access rules"
      wrapLines
      columnDefinitions={[
        { id: 'subject', header: 'Subject', isRowHeader: true, cell: ({ rule }) => <SubjectName name={rule.subjectId} wrap />, minWidth: 230 },
        { id: 'type', header: 'Type', cell: ({ rule }) => typeOfSubject(rule) },
        { id: 'role', header: 'Role', cell: ({ rule }) => (readsRoles ? <PageLink href={`/access/roles/${rule.roleId}`}>{rule.roleName}</PageLink> : rule.roleName) },
        { id: 'from', header: 'Inherited from', cell: ({ from }) => <LongText>{from === node ? 'Not inherited' : nameOf(from)}</LongText>, minWidth: 140 },
      ]}
      header={
        <Header variant="h2" description="By access rules here and above." {...(isPending || failed ? {} : { counter: `(${formatNumber(total)})` })}>
          Who has which role
        </Header>
      }
      filter={
        partly.length > 0 && <Alert type="info">In {partly.map(nameOf).join(' and ')} you see only your own access rules.</Alert>
      }
      footer={
        full.length > 0 && (
          <Box>
            {full.map((level) => (
              <div key={keyOf(level)}>
                The first {formatNumber(AT_ONCE)} of {level.name}: <PageLink href={listOf(level)}>all access rules there</PageLink>
              </div>
            ))}
          </Box>
        )
      }
      empty={
        failed ? (
          <FailureAlert header="The access rules cannot be shown" error={failed.error} retry={() => void failed.refetch()} />
        ) : (
          <Box color="text-body-secondary">None{unseen}.</Box>
        )
      }
      ariaLabels={{ tableLabel: 'Who has which role' }}
    />
  );
}

function rulesIn({ type, id }: Node) {
  return {
    queryKey: ['rules', 'in', keyOf({ type, id })],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const query = { scopeType: type, scopeId: id, limit: AT_ONCE, sortBy: 'subjectId' as const };
      return answer(api.GET('/api/v1/authorization/access-rules', { params: { query }, signal }));
    },
  };
}

function nameOf({ type, name }: Node): string {
  return type === 'tenant' ? name : `${name} (${scopeWord(type)})`;
}

/** The list of access rules, narrowed to that scope. Names are what people read there. */
function listOf({ type, name }: Node): string {
  return `/access/rules?${new URLSearchParams({ filterBy: `scopeType==${type},scopeName==${name}` }).toString()}`;
}
