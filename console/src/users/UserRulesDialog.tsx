// The access rules of a user, direct and through groups. Rules are added and deleted from here.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { useStays } from '../dialog/useStays';
import { ReadingDialog } from '../dialog/ReadingDialog';
import { Author, formatNumber } from '../format';
import { DangerIcon } from '../look/DangerButton';
import { LongText } from '../look/LongText';
import { useUnseen } from '../organisation/unseen';
import { allows, permissionsQuery, useMay } from '../permissions/permissions';
import { legible } from '../readable';
import DeleteRulesDialog from '../rules/DeleteRulesDialog';
import { NewRulesDialog } from '../rules/NewRulesDialog';
import { grantOf } from '../rules/rules';
import { ScopeName } from '../rules/ScopeName';
import { type HeldRule, readHeld } from './users';

/** What is done on top of the list: a rule is added, or the one of that id is deleted. */
export type Step = 'new' | { deletes: string };

interface Props {
  id: string;
  step: Step | undefined;
  onStep: (step: Step | undefined) => void;
  onClose: () => void;
}

export function UserRulesDialog({ id, step, onStep, onClose }: Props) {
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['users', 'held', [id]], queryFn: ({ signal }) => readHeld([id], signal) });
  const may = useMay();
  const mayCreate = may(['access_rules', 'create']);
  const held = data?.[0];
  const rules = held?.accessRules ?? [];
  const mayDelete = useMayDelete(rules);
  const unseen = useUnseen('access_rules');

  const back = () => onStep(undefined);
  const stays = useStays(step === undefined ? undefined : step === 'new' ? 'new' : `delete:${step.deletes}`, step === 'new' ? mayCreate : may(['access_rules', 'delete']));
  if (step === 'new' && stays && held !== undefined) {
    return (
      <NewRulesDialog
        title={`New access rule for ${legible(held.username)}`}
        subjects={() => [{ subjectId: held.username, subjectType: 'user' }]}
        previewed={[{ subjectId: held.username, subjectType: 'user' }]}
        onClose={back}
      />
    );
  }
  if (typeof step === 'object' && stays) return <DeleteRulesDialog ids={[step.deletes]} onClose={back} />;
  if (data?.length === 0) return <NotThereDialog title="The access rules cannot be shown" error={Failure.notThere('user-not-found')} onClose={onClose} />;
  return (
    <ReadingDialog title={held === undefined ? 'Access rules' : <>Access rules of <LongText>{legible(held.username)}</LongText></>} size="large" onClose={onClose}>
      <SpaceBetween size="m">
        {error && <FailureAlert header="The access rules cannot be shown" error={error} retry={() => void refetch()} />}
        <Table<HeldRule>
          variant="embedded"
          wrapLines
          // On a narrow screen the rest scrolls, and deleting is always within reach.
          stickyColumns={{ last: 1 }}
          items={rules}
          trackBy={(rule) => String(rule.id)}
          loading={isPending}
          loadingText="Loading access rules"
          empty={<Box color="text-body-secondary">None{unseen}.</Box>}
          header={
            <Header
              variant="h3"
              {...(held === undefined ? {} : { counter: `(${formatNumber(held.totalRecords)})` })}
              actions={
                mayCreate &&
                held !== undefined && (
                  <Button iconName="add-plus" onClick={() => onStep('new')}>
                    Access rule
                  </Button>
                )
              }
            >
              Access rules
            </Header>
          }
          columnDefinitions={[
            { id: 'role', header: 'Role', isRowHeader: true, cell: (rule) => rule.roleName },
            { id: 'scope', header: 'Scope', cell: (rule) => <ScopeName rule={rule} />, minWidth: 160 },
            { id: 'through', header: 'Held', cell: (rule) => (rule.throughGroup === null ? 'Directly' : <LongText>{`Through the group ${rule.throughGroup}`}</LongText>), minWidth: 120 },
            { id: 'createdBy', header: 'Authorized by', cell: (rule) => <Author name={rule.createdBy} /> },
            {
              id: 'delete',
              header: 'Delete',
              cell: (rule) =>
                rule.throughGroup === null &&
                mayDelete(rule) && (
                  <DangerIcon iconName="remove" ariaLabel={`Delete the rule: ${grantOf(rule)}`} onClick={() => onStep({ deletes: String(rule.id) })} />
                ),
            },
          ]}
          ariaLabels={{ tableLabel: 'Access rules' }}
        />
        {held !== undefined && held.totalRecords > rules.length && (
          <Box>
            The first {formatNumber(rules.length)} of {formatNumber(held.totalRecords)} are shown.{' '}
            <Link href={`/access/rules?filterBy=${encodeURIComponent(`subjectId==${held.username}`)}`}>All access rules of {legible(held.username)}</Link>
          </Box>
        )}
      </SpaceBetween>
    </ReadingDialog>
  );
}

/** Whether the person may delete a rule, which they may in one scope and not in another. */
function useMayDelete(rules: readonly HeldRule[]): (rule: HeldRule) => boolean {
  const scopes = [...new Set(rules.map(scopeOf))];
  const permissions = useQueries({ queries: scopes.map((scope) => permissionsQuery(scope)) });
  return (rule) => {
    const inScope = permissions[scopes.indexOf(scopeOf(rule))]?.data;
    return inScope !== undefined && allows(inScope, ['access_rules', 'delete']);
  };
}

function scopeOf({ scopeType, scopeId }: HeldRule): string {
  return `${scopeType}:${scopeId}`;
}
