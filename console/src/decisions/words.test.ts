import { expect, test } from 'vitest';
import { type AllowingRule, grantOfRule, nameOf, sentenceOfFix, sentenceOfRule, type Who } from './words';

const ANA: Who = { subject: { type: 'user', id: 'ana@example.com' }, isReader: false };
const ME: Who = { ...ANA, isReader: true };
const RULE: AllowingRule = {
  id: 32,
  subjectType: 'user',
  subjectId: 'ana@example.com',
  roleId: 5,
  roleName: 'Editor',
  scopeType: 'project',
  scopeId: '12',
  scopeName: 'vision',
  inherited: false,
  viaGroup: false,
};

test('a rule says where it comes from and whom it names', () => {
  expect(sentenceOfRule(RULE, ANA)).toBe('ana@example.com has Editor in vision');
  const team: AllowingRule = { ...RULE, subjectType: 'group', subjectId: 'ml-team', viaGroup: true, inherited: true, scopeType: 'cluster', scopeName: 'berlin' };
  expect(sentenceOfRule(team, ANA)).toBe('The group ml-team has Editor in berlin, inherited from the cluster berlin; ana@example.com is in that group');
  expect(sentenceOfRule(team, ME)).toMatch(/; you are in that group$/);
  expect(grantOfRule(team)).toBe('Editor in berlin, through the group ml-team');
});

test('the reader is spoken to', () => {
  expect(nameOf(ME)).toBe('You');
  expect(sentenceOfFix({ roleName: 'Viewer', scopeName: 'research' }, ME)).toBe('You have Viewer in research');
  expect(sentenceOfFix({ roleName: 'Viewer', scopeName: 'research' }, ANA)).toBe('ana@example.com has Viewer in research');
});
