// Access, Users: who can sign in.
import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { lazy, Suspense } from 'react';
import { When } from '../format';
import { ListPage } from '../list/ListPage';
import type { ListSource } from '../list/source';
import { useListAddress } from '../list/useListAddress';
import { useMay } from '../permissions/permissions';
import { openWith } from '../dialog/address';
import { heldAsText, HeldRules } from './HeldRules';
import { userActions } from './userActions';
import { readUsers, typeOf, type User, USER_FIELDS, type UserRow } from './users';

/** The list is there before the dialogs are loaded. */
const UserDialog = lazy(() => import('./UserDialog'));

const USERS: ListSource<UserRow> = {
  name: 'users',
  noun: 'users',
  id: (user) => user.id,
  label: (user) => user.username,
  columns: [
    { id: 'user', header: 'User', cell: Name, text: (user) => user.username, sortBy: 'username', width: 280 },
    { id: 'type', header: 'Type', cell: typeOf, text: typeOf, sortBy: 'type', width: 100 },
    {
      id: 'lastLogin',
      header: 'Last login',
      cell: (user) => <When at={user.lastLogin} otherwise="Never" />,
      text: (user) => user.lastLogin ?? '',
      sortBy: 'lastLogin',
      width: 290,
    },
    { id: 'rules', header: 'Access rule(s)', cell: HeldRules, text: heldAsText, sortBy: 'accessRules', width: 300 },
    { id: 'createdBy', header: 'Created by', cell: (user) => user.createdBy, text: (user) => user.createdBy, sortBy: 'createdBy', width: 190 },
    {
      id: 'creationTime',
      header: 'Creation time',
      cell: (user) => <When at={user.createdAt} otherwise="" />,
      text: (user) => user.createdAt,
      sortBy: 'creationTime',
      width: 290,
    },
    {
      id: 'lastUpdated',
      header: 'Last updated',
      cell: (user) => <When at={user.updatedAt} otherwise="" />,
      text: (user) => user.updatedAt,
      sortBy: 'lastUpdated',
      width: 290,
    },
  ],
  fields: USER_FIELDS,
  searches: 'users by e-mail',
  exportedAt: '/api/v1/users/export',
  reference: 'Users',
  read: readUsers,
};

function Name(user: User) {
  return user.enabled ? user.username : <StatusIndicator type="stopped" wrapText={false}>{user.username} (disabled)</StatusIndicator>;
}

export default function UsersPage() {
  const [{ dialog }, change] = useListAddress();
  const may = useMay();
  const mayCreate = may(['users', 'create']);
  return (
    <>
      <ListPage
        title="Users"
        description="The people who can sign in. What they may do is said by access rules."
        source={USERS}
        rowActions={(selected) => userActions(selected, may, (what) => change({ dialog: openWith(what, selected.map(USERS.id)) }))}
        actions={
          mayCreate && (
            <Button variant="primary" iconName="add-plus" onClick={() => change({ dialog: 'new-user' })}>
              New local user
            </Button>
          )
        }
      />
      {dialog !== undefined && (
        <Suspense>
          <UserDialog key={dialog} dialog={dialog} onOpen={(dialog) => change({ dialog })} onClose={() => change({ dialog: undefined })} />
        </Suspense>
      )}
    </>
  );
}
