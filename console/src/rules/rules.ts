// Access rules, as the API has them: a subject is a role in a scope, and in everything below it.
import { answer, api, type Schemas } from '../api/client';
import { Failure, notThere, worded } from '../api/failure';
import { queryClient } from '../api/queries';
import type { Outcome } from '../dialog/outcome';
import { AUTHOR_WORDS } from '../authors';
import { wholeNumber } from '../list/address';
import type { Field } from '../list/filter';
import type { ListPageOfRows, ListQuery } from '../list/source';
import type { NodeType } from '../organisation/organisation';
import { legible } from '../readable';

export type Rule = Schemas['AccessRuleView'];
export type Subject = Schemas['BatchSubject'];

/** As many subjects and as many scopes as one makes rules for at a time. */
export const MOST_AT_ONCE = 10;

export const SUBJECT_TYPES = [
  { value: 'user', label: 'User' },
  { value: 'group', label: 'Group' },
  { value: 'service-account', label: 'Service account' },
] as const;

export const SCOPE_TYPES = [
  { value: 'tenant', label: 'Account' },
  { value: 'cluster', label: 'Cluster' },
  { value: 'department', label: 'Department' },
  { value: 'project', label: 'Project' },
] as const;

export const RULE_FIELDS: readonly Field[] = [
  { name: 'subjectType', label: 'Type', kind: 'text', words: SUBJECT_TYPES },
  { name: 'subjectId', label: 'Subject', kind: 'text', suggests: 'subjects' },
  { name: 'roleName', label: 'Role', kind: 'text', suggests: 'roles' },
  { name: 'scopeName', label: 'Scope', kind: 'text', suggests: 'scopes' },
  { name: 'scopeType', label: 'Scope type', kind: 'text', words: SCOPE_TYPES },
  { name: 'createdBy', label: 'Authorized by', kind: 'text', suggests: 'users', someWords: AUTHOR_WORDS },
  { name: 'createdAt', label: 'Creation time', kind: 'date' },
  { name: 'updatedAt', label: 'Last updated', kind: 'date' },
  { name: 'id', label: 'Rule number', kind: 'integer' },
];

export function typeOfSubject(rule: Rule): string {
  return SUBJECT_TYPES.find(({ value }) => value === rule.subjectType)?.label ?? rule.subjectType;
}

/** What a rule gives: `Viewer in Research`. */
export function grantOf({ roleName, scopeName }: Pick<Rule, 'roleName' | 'scopeName'>): string {
  return `${roleName} in ${scopeName}`;
}

/** The rule as people say it: `ana@example.com has Viewer in Research`. */
export function sentenceOf(rule: Pick<Rule, 'subjectId' | 'roleName' | 'scopeName'>): string {
  return `${legible(rule.subjectId)} has ${grantOf(rule)}`;
}

export async function readRules(query: ListQuery, signal: AbortSignal): Promise<ListPageOfRows<Rule>> {
  const { accessRules, totalRecords } = await answer(api.GET('/api/v1/authorization/access-rules', { params: { query }, signal }));
  return { rows: accessRules, total: totalRecords };
}

/** One rule, with the path of its scope. Its id may come from an address, and be none. */
export function readRule(id: number | string, signal: AbortSignal): Promise<Rule> {
  const accessRuleId = wholeNumber(id);
  if (accessRuleId === undefined) throw Failure.notThere('rule-not-found');
  return answer(api.GET('/api/v1/authorization/access-rules/{accessRuleId}', { params: { path: { accessRuleId } }, signal }));
}

/** Each subject gets the role in each scope. One rule alone is refused as a whole; of several each has its outcome. */
export async function createRules(
  subjects: readonly Subject[],
  role: Schemas['RoleView'],
  scopes: readonly { type: NodeType; id: string; name: string }[],
  signal: AbortSignal,
): Promise<Outcome[]> {
  const [subject, ...furtherSubjects] = subjects;
  const [scope, ...furtherScopes] = scopes;
  try {
    if (subject !== undefined && scope !== undefined && furtherSubjects.length + furtherScopes.length === 0) {
      const body = { ...subject, roleId: role.id, scopeType: scope.type, scopeId: scope.id };
      const rule = await answer(api.POST('/api/v1/authorization/access-rules', { body, signal }));
      return [{ what: sentenceOf(rule) }];
    }
    const places = scopes.map(({ type, id }) => ({ scopeType: type, scopeId: id }));
    const payload = { subjects: [...subjects], roleId: role.id, scopes: places };
    const { succeeded, failed } = await answer(api.POST('/api/v1/authorization/access-rules/batch-create', { body: { payload }, signal }));
    const nameOf = ({ scopeType, scopeId }: Schemas['NewAccessRule']) =>
      scopes.find(({ type, id }) => type === scopeType && id === scopeId)?.name ?? scopeId;
    return [
      ...succeeded.map((rule) => ({ what: sentenceOf(rule) })),
      ...failed.map(({ payload, message }) => ({
        what: `${grantOf({ roleName: role.name, scopeName: nameOf(payload) })} for ${legible(payload.subjectId)}`,
        problem: worded(message).text,
      })),
    ];
  } finally {
    rulesChanged();
  }
}

export async function deleteRule(rule: Rule, signal: AbortSignal): Promise<void> {
  try {
    await answer(api.DELETE('/api/v1/authorization/access-rules/{accessRuleId}', { params: { path: { accessRuleId: rule.id } }, signal }));
  } finally {
    rulesChanged();
  }
}

/** Why those of them would not be deleted that would not, by their ids. Nothing is changed. */
export async function rehearseDeletion(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
  const body = { ids: [...ids], action: 'validate_delete' as const };
  const { failed } = await answer(api.POST('/api/v1/authorization/access-rules/batch', { body, signal }));
  return new Map(failed.map((it) => [Number(it.id), problemOf(it)]));
}

/** `said` is what is told of each. */
export async function deleteRules(rules: readonly Rule[], said: (rule: Rule) => string, signal: AbortSignal): Promise<Outcome[]> {
  try {
    const body = { ids: rules.map(({ id }) => String(id)), action: 'delete' as const };
    const { failed } = await answer(api.POST('/api/v1/authorization/access-rules/batch', { body, signal }));
    return rules.map((rule) => {
      const refused = failed.find(({ id }) => id === String(rule.id));
      return { what: said(rule), ...(refused === undefined ? {} : { problem: problemOf(refused) }) };
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 0) throw error;
    return await Promise.all(rules.map(async (rule) => ({ what: said(rule), ...(await afterLostAnswer(rule, signal)) })));
  } finally {
    rulesChanged();
  }
}

/**
 * The answer was lost, and perhaps not the change. A rule that is read again is still there; one that is not may be hidden, since what the
 * person sees may have changed meanwhile.
 */
async function afterLostAnswer({ id }: Rule, signal: AbortSignal): Promise<Pick<Outcome, 'problem' | 'isUnknown'>> {
  try {
    await readRule(String(id), signal);
    return { problem: 'The server did not answer. The rule is still there.' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const problem = error.status === 404 ? 'The server did not answer. The rule was deleted, or you can no longer see it.' : 'The server does not answer.';
    return { problem, isUnknown: true };
  }
}

function problemOf({ message, reason }: Schemas['FailedDeletion']): string {
  return notThere(reason ?? undefined, message) ?? worded(message).text;
}

/** Also after a failure: the answer may have been lost, and not the change. One rule by itself is what it was, or gone. */
function rulesChanged() {
  void queryClient.invalidateQueries({ predicate: ({ queryKey: [name, part] }) => (name === 'rules' || name === 'users') && part !== 'one' });
  void queryClient.invalidateQueries({ queryKey: ['permissions'] });
}
