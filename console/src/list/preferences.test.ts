import { expect, test } from 'vitest';
import { mergeColumns } from './preferences';

const shown = (id: string) => ({ id, visible: true });

test('order and choice are kept, new columns are shown, and those that are gone are not', () => {
  const stored = [{ id: 'type', visible: false }, shown('gone'), shown('user'), shown('type')];
  expect(mergeColumns(['user', 'type', 'new'], stored)).toEqual([{ id: 'type', visible: false }, shown('user'), shown('new')]);
});

test.each([null, 'x', [1, null, { id: 1, visible: true }, { id: 'user' }]])('%j is no choice', (stored) => {
  expect(mergeColumns(['user'], stored)).toEqual([shown('user')]);
});
