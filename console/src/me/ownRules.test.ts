import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { sentenceOf } from './ownRules';

const said = (roleName: string, subjectType: Schemas['SubjectType'], subjectId: string) =>
  Object.values(sentenceOf({ roleName, scopeName: 'Research', subjectType, subjectId })).join(' ');

test('a rule is a sentence to the person whom it is about', () => {
  expect(said('Viewer', 'user', 'ana@example.com')).toBe('You have Viewer in Research');
  expect(said('Editor', 'group', 'writers')).toBe('You have Editor in Research (through the group writers)');
});
