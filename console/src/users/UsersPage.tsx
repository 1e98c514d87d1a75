// Access, Users: who can sign in.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { lazy, Suspense } from 'react';
import type { SortOf } from '../api/client';
import { Author, When } from '../format';
import { ListPage } from '../list/ListPage';
import type { ListSource } from '../list/source';
import { useListAddress } from '../list/useListAddress';
import { useMayInAccount } from '../organisation/inAccount';
import { LongText } from '../look/LongText';
import { useMay } from '../permissions/permissions';
import { openWith } from '../dialog/address';
import { legible } from '../readable';
import { HeldRules } from './HeldRules';
import { Marks } from './Marks';
import { userActions } from './userActions';
import { readUsers, typeOf, type User, USER_FIELDS, type UserRow } from './users';

/** The list is there before the dialogs are loaded. */
const UserDialog = lazy(() => import('./UserDialog'));

const USERS: ListSource<UserRow, SortOf<'/api/v1/users'>> = {
  name: 'users',
  noun: 'users',
  resourceType: 'users',
  id: (user) => user.id,
  label: (user) => legible(user.username),
  columns: [
    { id: 'user', header: 'User', cell: Name, sortBy: 'username', width: 246, grow: 2 },
    { id: 'type', header: 'Type', cell: (user) => <Type {...user} />, sortBy: 'type', width: 68 },
    {
      id: 'lastLogin',
      header: 'Last login',
      cell: (user) => <When at={user.lastLogin} otherwise="Never" />,
      sortBy: 'lastLogin',
      width: 118,
    },
    { id: 'rules', header: 'Access rule(s)', cell: (user) => <HeldRules {...user} />, sortBy: 'accessRules', width: 267, grow: 3 },
    { id: 'createdBy', header: 'Created by', cell: ({ createdBy }) => <Author name={createdBy} />, sortBy: 'createdBy', width: 184, grow: 1 },
    {
      id: 'creationTime',
      header: 'Creation time',
      cell: (user) => <When at={user.createdAt} otherwise="" />,
      sortBy: 'creationTime',
      width: 128,
    },
    {
      id: 'lastUpdated',
      header: 'Last updated',
      cell: (user) => <When at={user.updatedAt} otherwise="" />,
      sortBy: 'lastUpdated',
      width: 125,
    },
  ],
  fields: USER_FIELDS,
  searches: 'users by email or name',
  exportedAt: '/api/v1/users/export',
  reference: 'Users',
  read: readUsers,
};

/** An SSO user's is that of the identity provider they signed in with. */
function Type(user: User) {
  return (
    <>
      {typeOf(user)}
      <Below text={user.identityProvider ?? ''} />
    </>
  );
}

/** In small letters on a line of its own; nothing where there is none. */
function Below({ text }: { text: string }) {
  return (
    text !== '' && (
      <Box variant="small" display="block" color="text-body-secondary">
        <LongText>{text}</LongText>
      </Box>
    )
  );
}

function Name(user: User) {
  return (
    <>
      <span title={legible(user.username)}>
        <LongText>{user.username}</LongText>
      </span>
      <Below text={`${user.firstName ?? ''} ${user.lastName ?? ''}`.trim()} />
      <Marks user={user} />
    </>
  );
}

export default function UsersPage() {
  const [{ dialog }, change] = useListAddress();
  const may = useMay();
  const mayInAccount = useMayInAccount();
  const mayCreate = mayInAccount(['users', 'create']);
  const rowActions = userActions(may, mayInAccount, (what, selected) => change({ dialog: openWith(what, selected.map(USERS.id)) }));
  return (
    <>
      <ListPage
        title="Users"
        description="People who can sign in. Access rules decide what they can do."
        source={USERS}
        {...(rowActions && { rowActions })}
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
          <UserDialog key={dialog} dialog={dialog} onOpen={(dialog, how) => change({ dialog }, { replace: how?.done ?? false })} onClose={() => change({ dialog: undefined })} />
        </Suspense>
      )}
    </>
  );
}
