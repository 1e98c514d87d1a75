// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { allOf } from './HeldRules';
import type { Held, HeldRule } from './users';

const rule = (roleName: string, scopeName: string) => ({ roleName, scopeName }) as HeldRule;
const held = (totalRecords: number): Held => ({ id: '', username: '', totalRecords, accessRules: [rule('System administrator', 'Acme'), rule('Viewer', 'vision')] });

test('all rules are told in the order of the server, and how many more there are', () => {
  expect(allOf(held(2))).toBe('System administrator in Acme\nViewer in vision');
  expect(allOf(held(1005))).toBe('System administrator in Acme\nViewer in vision\nand 1,003 more');
});
