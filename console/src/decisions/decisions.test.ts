import { beforeEach, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import { queryClient } from '../api/queries';
import { namesQuery, holdersFile, readHolders, type WhoCan } from './decisions';

const QUESTION: WhoCan = { type: 'user', permission: { resourceType: 'workspaces', action: 'read' }, scope: 'department:7', search: '' };

interface Body {
  page?: { token?: string };
  evaluations?: { subject: { id: string } }[];
}

/** A server where 2,500 people may, a thousand at a time. */
const post = vi.spyOn(api, 'POST');
beforeEach(() => {
  queryClient.clear();
  post.mockReset();
  post.mockImplementation(((_: string, { body }: { body: Body }) => Promise.resolve({ data: answered(body), response: new Response() })) as never);
});

function answered({ page, evaluations }: Body) {
  if (evaluations) return { evaluations: evaluations.map(() => ({ decision: true, context: { rules: [], hiddenRules: 1 } })) };
  const start = Number(page?.token ?? 0);
  const end = Math.min(start + 1000, 2500);
  const results = Array.from({ length: end - start }, (_, index) => ({ type: 'user', id: `p${start + index}` }));
  return { results, page: { next_token: end < 2500 ? String(end) : '' } };
}

test('each part of the names begins where the one before ended', async () => {
  const last = await queryClient.query(namesQuery(QUESTION, 2));
  expect([last.names[0], last.names.length, last.next]).toEqual(['p2000', 500, '']);
  expect(post).toHaveBeenCalledTimes(3);
  // Beyond the end there is nobody, and nobody is asked for, however far beyond it is.
  expect(await queryClient.query(namesQuery(QUESTION, 3))).toEqual({ names: [], before: 2500, next: '' });
  expect(await queryClient.query(namesQuery(QUESTION, 49_999_999))).toEqual({ names: [], before: 2500, next: '' });
  expect(post).toHaveBeenCalledTimes(3);
});

test('the file is asked for by the question, with the columns that are shown', () => {
  expect(holdersFile({ ...QUESTION, search: 'ana' }, ['subject', 'rules'])).toMatch(/^\/api\/v1\/authorization\/who-can\/export\?subjectType=user&.+&search=ana&columns=subject%2Crules$/);
});

test('of nobody nothing is asked', async () => {
  expect(await readHolders(QUESTION, [], new AbortController().signal)).toEqual([]);
  expect(post).not.toHaveBeenCalled();
});
