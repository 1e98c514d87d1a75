// What is asked, as the address holds it: may someone do something, in which scope? Each part may be missing: of whom nothing
// is known yet, who may do it is asked, and of whom all is asked, what they may do.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useIsHere } from '../list/useIsHere';
import { PAGE_SIZES, printParameters, USUAL_SIZE, wholeNumber } from '../list/address';
import { SUBJECT_TYPES } from '../rules/rules';

export type SubjectType = (typeof SUBJECT_TYPES)[number]['value'];

/** Whom access rules can name. */
export interface Subject {
  type: SubjectType;
  /** The email of a user, the name of a group, the client id of a service account. */
  id: string;
}

/** What can be permitted: to do something with a type of resource. */
export interface Permission {
  resourceType: string;
  action: string;
}

/** The three questions, by the tab that asks them. */
export const TABS = ['can', 'who', 'what'] as const;
export type Tab = (typeof TABS)[number];

/** The parameters of the address, in the API's words. What has its usual value is left out. */
export interface Question {
  tab?: Exclude<Tab, 'can'>;
  /** `user:ana@example.com` */
  subject?: string;
  /** `workspaces:create` */
  can?: string;
  /** `department:7` */
  scope?: string;
  /** Offer only what the role of that id permits. */
  role?: string;
  /** Of which type those are who are looked for, where it is not users. */
  of?: Exclude<SubjectType, 'user'>;
  /** From 1; absent on the first page. */
  page?: number;
  size?: number;
  /** Which entities are searched for, or which names of those who can. */
  search?: string;
  /** The dialog that is open. */
  dialog?: string;
}

/** Reads it from the parameters of an address, which may be anybody's: what makes no sense is left out. */
export function parseQuestion(raw: Record<string, unknown>): Question {
  const tab = TABS.find((tab) => tab !== 'can' && tab === raw['tab']);
  const of = SUBJECT_TYPES.find(({ value }) => value !== 'user' && value === raw['of'])?.value;
  const page = wholeNumber(raw['page']);
  const size = PAGE_SIZES.find((size) => size === wholeNumber(raw['size']));
  return {
    ...(tab === undefined || tab === 'can' ? {} : { tab }),
    ...text(raw, 'subject'),
    ...text(raw, 'can'),
    ...text(raw, 'scope'),
    ...text(raw, 'role'),
    ...(of === undefined || of === 'user' ? {} : { of }),
    ...(page !== undefined && page > 1 ? { page } : {}),
    ...(size === undefined || size === USUAL_SIZE ? {} : { size }),
    ...text(raw, 'search'),
    ...text(raw, 'dialog'),
  };
}

export type ChangeQuestion = (change: { [Name in keyof Question]: Question[Name] | undefined }) => void;

/** The question after a change. Whatever changes who is found leads to the first page of them. */
export function changedQuestion(question: Question, change: Parameters<ChangeQuestion>[0]): Question {
  const othersFound = ['can', 'scope', 'of', 'size', 'search'].some((name) => name in change);
  return parseQuestion({ ...question, ...(othersFound ? { page: undefined } : {}), ...change });
}

/** The question in the address, and the way to another one. */
export function useQuestion(): [Question, ChangeQuestion] {
  const question = parseQuestion(useSearch({ strict: false }));
  const navigate = useNavigate();
  const isHere = useIsHere();
  const change: ChangeQuestion = (change) => {
    if (!isHere()) return;
    // Back does not lead to a dialog that is done.
    const closes = question.dialog !== undefined && 'dialog' in change && change.dialog === undefined;
    void navigate({ to: '.', search: (now: object) => changedQuestion(parseQuestion({ ...now }), change), replace: closes });
  };
  return [question, change];
}

/** The address of a question, for a link. */
export function hrefOf(question: Question): string {
  return `/access/check${printParameters({ ...question })}`;
}

export function printSubject({ type, id }: Subject): string {
  return `${type}:${id}`;
}

export function subjectIn(word: string | undefined): Subject | undefined {
  const [kind, id] = word?.split(/:(.*)/s) ?? [];
  const type = SUBJECT_TYPES.find(({ value }) => value === kind)?.value;
  return type === undefined || id === undefined || id === '' ? undefined : { type, id };
}

export function printPermission({ resourceType, action }: Permission): string {
  return `${resourceType}:${action}`;
}

export function permissionIn(word: string | undefined): Permission | undefined {
  const [resourceType, action, ...rest] = word?.split(':') ?? [];
  const whole = rest.length === 0 && resourceType !== undefined && resourceType !== '' && action !== undefined && action !== '';
  return whole ? { resourceType, action } : undefined;
}

function text<Name extends string>(raw: Record<string, unknown>, name: Name): { [N in Name]?: string } {
  const value = raw[name];
  return (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [N in Name]?: string };
}
