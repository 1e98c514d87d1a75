// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { linesOf, shortened, summary } from './impact';

const view = (affected: number, gaining: number, losing: number, isPartial = false) => summary({ affected, gaining, losing, isPartial });

test('the summary counts exactly', () => {
  expect(view(0, 0, 0)).toBe('Nobody gains or loses permissions.');
  expect(view(0, 0, 0, true)).toBe('Nobody you can see gains or loses permissions. More may change that you cannot see.');
  expect(view(1, 1, 0)).toBe('1 subject gains permissions.');
  expect(view(3, 1, 2)).toBe('1 subject gains permissions, 2 subjects lose.');
  expect(view(2, 2, 2)).toBe('2 subjects gain permissions, 2 subjects lose. Of these, 2 gain some and lose others.');
  expect(view(1200, 0, 1200, true)).toBe('1,200 subjects lose permissions. More may change that you cannot see.');
});

test('each subject is named once, with a line for each scope', () => {
  const permission = { resourceType: 'project', displayName: 'Projects', groupId: 'organization', actions: ['read', 'update'] } as const;
  const scope = (scopeType: 'tenant' | 'department', scopeId: string, scopeName: string) => ({ scopeType, scopeId, scopeName });
  const lines = linesOf([
    {
      subjectType: 'user',
      subjectId: 'ana@example.com',
      scopesCount: 5,
      scopes: [
        { path: [scope('tenant', '1001', 'Acme')], gained: [{ ...permission, actions: [...permission.actions] }], lost: [] },
        { path: [scope('tenant', '1001', 'Acme'), scope('department', '7', 'research')], gained: [], lost: [] },
      ],
    },
  ]);
  expect(lines.map(({ isFirst, scope: { name, path }, gained, isUnchanged, further }) => [isFirst, name, path, gained, isUnchanged, further])).toEqual([
    [true, 'Acme', 'Acme', ['View, edit: Projects'], false, 0],
    [false, 'research', 'Acme / research', [], true, 3],
  ]);
});

test('a long line names a few and counts the rest', () => {
  expect(shortened('View: a, b, c, d, e')).toBe('View: a, b, c, d, e');
  expect(shortened('View, edit: a, b, c, d, e, f')).toBe('View, edit: a, b, c, d and 2 more');
});
