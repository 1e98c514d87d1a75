import { expect, test } from 'vitest';
import type { Permission as Line } from '../permissions/permissions';
import type { Schemas } from '../api/client';
import type { EffectiveScope } from './decisions';
import { countIn, flat, matching, nearest, treeOf } from './effective';

const line = (resourceType: Schemas['ResourceType'], displayName: string): Line => ({ resourceType, displayName, groupId: 'workload', actions: ['read'] });
const WORKSPACES = line('workspaces', 'Workspaces');
const TRAININGS = line('trainings', 'Trainings');

const name = (scopeType: Schemas['ScopeType'], scopeId: string, scopeName: string) => ({ scopeType, scopeId, scopeName });
const ACCOUNT = name('tenant', '1001', 'Example');
const BERLIN = name('cluster', 'b', 'berlin');
const RESEARCH = name('department', '7', 'research');
const VISION = name('project', '12', 'vision');
const SALES = name('department', '8', 'sales');

const SCOPES: EffectiveScope[] = [
  { path: [ACCOUNT, BERLIN, RESEARCH], permissions: [WORKSPACES] },
  { path: [ACCOUNT, BERLIN, RESEARCH, VISION], permissions: [WORKSPACES, TRAININGS] },
  { path: [ACCOUNT, BERLIN, SALES], permissions: [TRAININGS] },
];

const told = (search = '') => flat(matching(treeOf(SCOPES), search)).map(({ name, changes }) => `${name}${changes ? ' *' : ''}`);

test('scopes stand below those that lead to them, where nothing is permitted yet', () => {
  expect(told()).toEqual(['Example', 'berlin', 'research *', 'vision *', 'sales *']);
  expect(treeOf(SCOPES)[0]?.permissions).toEqual([]);
  expect(treeOf([])).toEqual([]);
});

test('a scope between two that change something has what holds above it', () => {
  const [top] = treeOf([{ path: [ACCOUNT], permissions: [WORKSPACES] }, ...SCOPES.slice(1, 2)]);
  expect(flat([...(top ? [top] : [])]).map(({ name, permissions }) => [name, permissions.length])).toEqual([['Example', 1], ['berlin', 1], ['research', 1], ['vision', 2]]);
});

test('a search leaves the scopes where it matches, and the way to them', () => {
  expect(told('workspaces')).toEqual(['Example', 'berlin', 'research *', 'vision *']);
  expect(told('TRAIN')).toEqual(['Example', 'berlin', 'research *', 'vision *', 'sales *']);
  expect(told('nothing')).toEqual([]);
  expect(flat(treeOf(SCOPES)).map((branch) => countIn(branch, 'train'))).toEqual([0, 0, 0, 1, 1]);
});

test('elsewhere holds what holds in the nearest scope above', () => {
  const tree = treeOf(SCOPES);
  expect(nearest(tree, ['project:13', 'department:7', 'cluster:b'])?.name).toBe('research');
  expect(nearest(tree, ['project:99', 'department:99'])).toBeUndefined();
});
