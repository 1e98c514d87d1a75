// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { forgetRounds, mayGoRound, noteRound } from './rounds';

afterEach(forgetRounds);

test('two rounds in a short time are enough', () => {
  expect(mayGoRound(1_000)).toBe(true);
  noteRound(1_000);
  expect(mayGoRound(2_000)).toBe(true);
  noteRound(2_000);
  expect(mayGoRound(3_000)).toBe(false);
  expect(mayGoRound(302_500)).toBe(true);
});

test('a sign-in starts the count anew', () => {
  noteRound(1_000);
  noteRound(2_000);
  forgetRounds();
  expect(mayGoRound(3_000)).toBe(true);
});
