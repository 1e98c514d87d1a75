// Which of several users cannot be deleted or disabled, because nobody could administer the account without them.
import { answer, api } from '../api/client';
import { worded } from '../api/failure';
import type { Held } from './users';

export interface Lockout {
  /** The id of the last administrator among them. */
  last: string;
  /** What would follow, in the server's words. */
  why: string;
}

/**
 * Asks what deleting all their rules in the whole account would answer, in this order; null when someone could still administer it.
 * Deleting or disabling the users themselves is refused for the same reason. Asking changes nothing.
 */
export async function lockoutWithout(held: readonly Held[], signal: AbortSignal): Promise<Lockout | null> {
  const holders = new Map(held.flatMap(({ id, accessRules }) => accessRules.filter(isOfAccount).map((rule) => [rule.id, id] as const)));
  if (holders.size === 0) return null;
  const body = { ids: [...holders.keys()], action: 'validate_delete' as const };
  const { failed } = await answer(api.POST('/api/v1/authorization/access-rules/batch', { body, signal }));
  const refused = failed.find(({ code }) => code === 409);
  const last = refused && holders.get(Number(refused.id));
  return last === undefined ? null : { last, why: worded(refused?.message ?? '').text };
}

function isOfAccount({ scopeType, throughGroup }: Held['accessRules'][number]): boolean {
  return scopeType === 'tenant' && throughGroup === null;
}
