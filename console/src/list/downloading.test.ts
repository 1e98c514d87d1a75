// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { fileOf } from './downloading';

test('the file of what a list shows has another name than that of all rows', () => {
  expect([fileOf({ noun: 'access rules', exportedAt: '/export' }), fileOf({ noun: 'roles' })]).toEqual(['access-rules-shown.csv', 'roles.csv']);
});
