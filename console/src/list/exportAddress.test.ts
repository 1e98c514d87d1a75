import { expect, test } from 'vitest';
import { exportAddress } from './exportAddress';

test('the export is asked for what the list shows, by the names that the server has', () => {
  const column = { id: 'name', header: 'Name', cell: () => '', width: 100 };
  const columns = [{ ...column, sortBy: 'username' }, { ...column, sortBy: 'accessRules' }, column];
  const address = exportAddress('/api/v1/users/export', { filterBy: 'username=@a&b', sortBy: 'username' as never, sortOrder: 'desc' }, columns);
  expect(address).toBe('/api/v1/users/export?columns=username%2CaccessRules&filterBy=username%3D%40a%26b&sortBy=username&sortOrder=desc');
});
