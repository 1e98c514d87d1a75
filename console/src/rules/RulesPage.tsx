// Access, Access rules: who may do what, where.
import Button from '@cloudscape-design/components/button';
import { lazy, Suspense } from 'react';
import type { SortOf } from '../api/client';
import { Author, When } from '../format';
import { ListPage } from '../list/ListPage';
import type { ListSource } from '../list/source';
import { useListAddress } from '../list/useListAddress';
import { short } from '../look/Chip';
import { DangerButton } from '../look/DangerButton';
import { idsIn, openWith, tooMany, whatIsOpen } from '../dialog/address';
import { useStays } from '../dialog/useStays';
import { SubjectName } from '../look/SubjectName';
import { useMay } from '../permissions/permissions';
import { readRules, type Rule, RULE_FIELDS, sentenceOf, typeOfSubject } from './rules';
import { ScopeName } from './ScopeName';

/** The list is there before the dialogs are loaded. */
const NewRulesForAnybody = lazy(() => import('./NewRulesForAnybody'));
const DeleteRulesDialog = lazy(() => import('./DeleteRulesDialog'));

const RULES: ListSource<Rule, SortOf<'/api/v1/authorization/access-rules'>> = {
  name: 'rules',
  noun: 'access rules',
  resourceType: 'access_rules',
  id: (rule) => String(rule.id),
  label: sentenceOf,
  rowHeader: 'subject',
  columns: [
    { id: 'type', header: 'Type', cell: typeOfSubject, sortBy: 'subjectType', width: 118 },
    { id: 'subject', header: 'Subject', cell: (rule) => <SubjectName name={rule.subjectId} />, sortBy: 'subjectId', width: 257, grow: 2 },
    { id: 'role', header: 'Role', cell: (rule) => <span title={rule.roleName}>{short(rule.roleName)}</span>, sortBy: 'roleName', width: 179, grow: 1 },
    { id: 'scope', header: 'Scope', cell: (rule) => <ScopeName rule={rule} />, sortBy: 'scopeName', width: 145, grow: 2 },
    { id: 'createdBy', header: 'Authorized by', cell: (rule) => <Author name={rule.createdBy} />, sortBy: 'createdBy', width: 184, grow: 1 },
    {
      id: 'creationTime',
      header: 'Creation time',
      cell: (rule) => <When at={rule.createdAt} otherwise="" />,
      sortBy: 'createdAt',
      width: 128,
    },
    {
      id: 'lastUpdated',
      header: 'Last updated',
      cell: (rule) => <When at={rule.updatedAt} otherwise="" />,
      sortBy: 'updatedAt',
      width: 125,
    },
  ],
  fields: RULE_FIELDS,
  searches: 'subjects, roles and scopes',
  exportedAt: '/api/v1/authorization/access-rules/export',
  reference: 'Access rules',
  read: readRules,
};

export default function RulesPage() {
  const [{ dialog }, change] = useListAddress();
  const may = useMay();
  const mayCreate = may(['access_rules', 'create']);
  const mayDelete = may(['access_rules', 'delete']);
  const close = () => change({ dialog: undefined });
  const what = whatIsOpen(dialog);
  const stays = useStays(dialog, what === 'delete' ? mayDelete : mayCreate);
  return (
    <>
      <ListPage
        title="Access rules"
        description="Who has which role, and where. A rule applies to its scope and everything below it."
        source={RULES}
        {...(mayDelete && {
          rowActions: (selected: readonly Rule[]) => (
            <DangerButton
              {...(selected.length === 0 ? { disabled: true, disabledReason: 'Select access rules.' } : tooMany(selected))}
              onClick={() => change({ dialog: openWith('delete', selected.map(RULES.id)) })}
            >
              Delete
            </DangerButton>
          ),
        })}
        actions={
          mayCreate && (
            <Button variant="primary" iconName="add-plus" onClick={() => change({ dialog: 'new' })}>
              New access rule
            </Button>
          )
        }
      />
      <Suspense>
        {stays && what === 'new' && <NewRulesForAnybody onClose={close} />}
        {stays && what === 'delete' && <DeleteRulesDialog ids={idsIn(dialog)} onClose={close} />}
      </Suspense>
    </>
  );
}
