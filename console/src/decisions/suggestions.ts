// Names to suggest while one types: those of the lists that the person may read.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Need } from '../permissions/permissions';
import type { SubjectType } from './question';

const AT_MOST = 20;

/** The first names of that type that hold the text. None where the person may not read the list. */
export function suggestionsQuery(type: SubjectType, text: string, may: (need: Need) => boolean) {
  const search = text.trim();
  return queryOptions({
    queryKey: ['suggestions', type, search],
    queryFn: ({ signal }): string[] | Promise<string[]> => {
      if (type === 'user') return may(['users', 'read']) ? users(search, signal) : [];
      if (type === 'service-account') return may(['service-account', 'read']) ? serviceAccounts(search, signal) : [];
      return may(['access_rules', 'read']) ? groups(search, signal) : [];
    },
    staleTime: 30_000,
  });
}

function narrowed(search: string) {
  return { limit: AT_MOST, offset: 0, ...(search === '' ? {} : { search }) };
}

async function users(search: string, signal: AbortSignal): Promise<string[]> {
  const users = await answer(api.GET('/api/v1/users', { params: { query: { ...narrowed(search), sortBy: 'username' } }, signal }));
  return users.map(({ username }) => username);
}

/** The server has no page and no search of these: they are few. */
async function serviceAccounts(search: string, signal: AbortSignal): Promise<string[]> {
  const all = await answer(api.GET('/api/v1/service-accounts', { signal }));
  const text = search.toLowerCase();
  const matching = all.filter(({ clientId, name }) => `${clientId} ${name}`.toLowerCase().includes(text));
  return matching.slice(0, AT_MOST).map(({ clientId }) => clientId);
}

/** No list has groups: those are known that access rules name. */
async function groups(search: string, signal: AbortSignal): Promise<string[]> {
  const query = { limit: AT_MOST, sortBy: 'subjectId' as const, filterBy: `subjectType==group${search === '' ? '' : `,subjectId=@${search}`}` };
  const { accessRules } = await answer(api.GET('/api/v1/authorization/access-rules', { params: { query }, signal }));
  return [...new Set(accessRules.map(({ subjectId }) => subjectId))];
}
