import { expect, test } from 'vitest';
import { widestOf } from './own';

test('the widest scope is the one nearest to the account', () => {
  const rules = [
    { scopeType: 'project', scopeId: '3' },
    { scopeType: 'department', scopeId: '1' },
    { scopeType: 'department', scopeId: '2' },
  ] as const;
  expect(widestOf(rules)).toBe('department:1');
  expect(widestOf([])).toBeNull();
});
