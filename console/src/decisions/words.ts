// Questions and answers in plain sentences.
import type { Schemas } from '../api/client';
import { scopeWord } from '../organisation/words';
import { legible } from '../readable';
import type { Subject } from './question';

/** A subject in a sentence, who may be the reader. */
export interface Who {
  subject: Subject;
  /** Whether it is the person who reads. */
  isReader: boolean;
}

export function nameOf({ subject, isReader }: Who): string {
  return isReader ? 'You' : legible(subject.id);
}

export type AllowingRule = Schemas['AllowingRule'];
export type Fix = Schemas['MissingRule'];

/** `ana@example.com has` or `You have`: before a role. */
function having(who: Who): string {
  return `${nameOf(who)} ${who.isReader ? 'have' : 'has'}`;
}

/**
 * The rule as a sentence, with how it reaches the subject of the question:
 * `The group ml-team has Viewer in berlin, inherited from the cluster berlin; ana@example.com is in that group`.
 */
export function sentenceOfRule(rule: AllowingRule, who: Who): string {
  const about = rule.viaGroup ? `The group ${rule.subjectId} has` : having(who);
  const inherited = rule.inherited ? `, inherited from the ${scopeWord(rule.scopeType)} ${rule.scopeName}` : '';
  const through = rule.viaGroup ? `; ${nameOf(who).replace(/^You$/, 'you')} ${who.isReader ? 'are' : 'is'} in that group` : '';
  return `${about} ${rule.roleName} in ${rule.scopeName}${inherited}${through}`;
}

/** What would be enough: `ana@example.com has L1 researcher in research`. */
export function sentenceOfFix({ roleName, scopeName }: Pick<Fix, 'roleName' | 'scopeName'>, who: Who): string {
  return `${having(who)} ${roleName} in ${scopeName}`;
}

/** A rule in a cell of a table about whom it reaches: `Viewer in berlin, through the group ml-team`. */
export function grantOfRule({ roleName, scopeName, subjectId, viaGroup }: AllowingRule): string {
  return `${roleName} in ${scopeName}${viaGroup ? `, through the group ${subjectId}` : ''}`;
}

/** The list of access rules, narrowed to that one. */
export function hrefOfRule({ id }: Pick<AllowingRule, 'id'>): string {
  return `/access/rules?${new URLSearchParams({ filterBy: `id==${id}` }).toString()}`;
}
