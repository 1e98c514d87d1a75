import { expect, test } from 'vitest';
import { weakness } from './strength';

const judge = (password: string) => weakness(password, 'old-Secret-77', 'ana.maria@example.com');

test('a password that is sure to be refused is told so', () => {
  expect(judge('short')).toBe('At least 8 characters: 3 more.');
  expect(judge('x'.repeat(256))).toBe('At most 255 characters: 1 fewer.');
  expect(judge('old-Secret-77')).toMatch(/differs from the current/);
  expect(judge('ana.maria1')).toMatch(/name/);
  expect(judge('abababab')).toMatch(/different/);
  expect(judge('12345678')).toMatch(/Sequences/);
});

test('characters are counted as people see them, and others are left to the server', () => {
  expect(judge('🦊🐻🐼🐨🐯🦁🐮')).toBe('At least 8 characters: 1 more.');
  expect(judge('harbour quince tundra')).toBeUndefined();
});
