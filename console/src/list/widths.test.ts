import { expect, test } from 'vitest';
import { fit, fitNarrow } from './widths';

const COLUMNS = [{ id: 'user', width: 200, grow: 2 }, { id: 'type', width: 80 }, { id: 'rules', width: 200, grow: 1 }];

test('what is left over goes to the columns that can use it', () => {
  expect(Object.fromEntries(fit(COLUMNS, 780))).toEqual({ user: 400, type: 80, rules: 300 });
});

test('no column is narrower than what it needs', () => {
  expect(Object.fromEntries(fit(COLUMNS, 300))).toEqual({ user: 200, type: 80, rules: 200 });
  expect(Object.fromEntries(fit([{ id: 'type', width: 80 }], 300))).toEqual({ type: 80 });
});

test('on a narrow page the column that names the rows leaves room to scroll the others', () => {
  expect(Object.fromEntries(fitNarrow(COLUMNS, 310, 'user'))).toEqual({ user: 160, type: 80, rules: 200 });
  expect(fitNarrow(COLUMNS, 200, 'user').get('user')).toBe(64);
});
