import { expect, test } from 'vitest';
import { changed, type ListAddress, parseAddress, parseParameters, printParameters } from './address';

const EVERYTHING: ListAddress = {
  filterBy: 'username=@a, "b"&c=d%20+é,isLocal==true',
  search: '007',
  sortBy: 'creationTime',
  sortOrder: 'desc',
  page: 3,
  size: 100,
  dialog: 'new-user',
  tab: 'rules',
};

test('everything comes back from the address as it was', () => {
  expect(parseAddress(parseParameters(printParameters({ ...EVERYTHING })))).toEqual(EVERYTHING);
});

test('what has its usual value is not in the address', () => {
  expect(printParameters({ ...parseAddress({ page: '1', size: '50', sortOrder: 'desc', search: '' }) })).toBe('');
});

test.each([{ page: '0' }, { page: '-1' }, { page: '1.5' }, { page: 'x' }, { page: '007' }, { page: '1e3' }, { page: '10000000000' }, { size: '7' }, { sortOrder: 'up' }, { search: ['a'] }, { other: 'a' }])(
  '%j makes no sense and is left out',
  (raw) => {
    expect(parseAddress(raw)).toEqual({});
  },
);

test('whatever changes the rows leads to the first page, and a dialog does not', () => {
  expect(changed(EVERYTHING, { search: undefined })).toEqual({ ...EVERYTHING, search: undefined, page: undefined });
  expect(changed(EVERYTHING, { dialog: undefined }).page).toBe(3);
  expect(changed(EVERYTHING, { page: 4 }).page).toBe(4);
});
