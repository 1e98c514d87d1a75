// Access, Users: who can sign in.
import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { When } from '../format';
import { ListPage } from '../list/ListPage';
import type { ListSource } from '../list/source';
import { useListAddress } from '../list/useListAddress';
import { useMay } from '../permissions/permissions';
import { idsIn, openWith, whatIsOpen } from '../dialog/address';
import { type Change, CHANGES, ChangeUsersDialog } from './ChangeUsersDialog';
import { GiveRuleDialog } from './GiveRuleDialog';
import { heldAsText, HeldRules } from './HeldRules';
import { NewUserDialog } from './NewUserDialog';
import { ResetPasswordDialog } from './ResetPasswordDialog';
import { UserActions } from './UserActions';
import { UserRulesDialog } from './UserRulesDialog';
import { readUsers, typeOf, type User, USER_FIELDS, type UserRow } from './users';

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
    { id: 'rules', header: 'Access rule(s)', cell: HeldRules, text: heldAsText, width: 300 },
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
  read: readUsers,
};

function Name(user: User) {
  return user.enabled ? user.username : <StatusIndicator type="stopped">{user.username} (disabled)</StatusIndicator>;
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
        rowActions={(selected) => <UserActions selected={selected} may={may} open={(what) => change({ dialog: openWith(what, selected.map(USERS.id)) })} />}
        actions={
          mayCreate && (
            <Button variant="primary" iconName="add-plus" onClick={() => change({ dialog: 'new-user' })}>
              New local user
            </Button>
          )
        }
      />
      <OpenDialog key={dialog} dialog={dialog} onOpen={(dialog) => change({ dialog })} onClose={() => change({ dialog: undefined })} />
    </>
  );
}

interface DialogProps {
  dialog: string | undefined;
  onOpen: (dialog: string) => void;
  onClose: () => void;
}

/** The dialog that the address names, for whoever may do what it does. */
function OpenDialog({ dialog, onOpen, onClose }: DialogProps) {
  const may = useMay();
  const what = whatIsOpen(dialog);
  const ids = idsIn(dialog);
  const [first] = ids;
  if (what === 'new-user') return may(['users', 'create']) && <NewUserDialog onClose={onClose} />;
  if (first === undefined) return null;
  if (what === 'rules') return may(['access_rules', 'read']) && <UserRulesDialog id={first} onClose={onClose} />;
  if (what === 'give') return may(['access_rules', 'create']) && <GiveRuleDialog ids={ids} onClose={onClose} />;
  if (what === 'password') return may(['users', 'update']) && <ResetPasswordDialog id={first} onClose={onClose} />;
  if (!isChange(what) || !may(['users', what === 'delete' ? 'delete' : 'update'])) return null;
  return <ChangeUsersDialog what={what} ids={ids} onInstead={(what) => onOpen(openWith(what, ids))} onClose={onClose} />;
}

function isChange(what: string | undefined): what is Change {
  return what !== undefined && Object.hasOwn(CHANGES, what);
}
