// The buttons for the selected users: only what the person may do, disabled until it applies.
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { CheckAccessButton } from '../decisions/CheckAccessButton';
import { tooMany } from '../dialog/address';
import { DangerButton } from '../look/DangerButton';
import type { Need } from '../permissions/permissions';
import type { UserRow } from './users';

interface Off {
  disabled?: true;
  disabledReason?: string;
}

const off = (disabledReason: string): Off => ({ disabled: true, disabledReason });

/** Nothing where there is nothing that the person may do. Rules are in some scope; users are in the account. */
export function userActions(may: (need: Need) => boolean, mayInAccount: (need: Need) => boolean, open: (what: string, selected: readonly UserRow[]) => void) {
  const maySeeRules = may(['access_rules', 'read']);
  const mayAddRules = may(['access_rules', 'create']);
  const mayUpdate = mayInAccount(['users', 'update']);
  const mayDelete = mayInAccount(['users', 'delete']);
  if (!maySeeRules && !mayAddRules && !mayUpdate && !mayDelete) return undefined;
  return (selected: readonly UserRow[]) => {
    const [first, ...others] = selected;
    const only = others.length === 0 ? first : undefined;
    const one = only === undefined ? off('Select one user.') : {};
    const some = first === undefined ? off('Select users.') : tooMany(selected);
    return (
      <>
        {maySeeRules && (
          <Button {...one} onClick={() => open('rules', selected)}>
            Access rules
          </Button>
        )}
        {mayAddRules && (
          <Button {...some} onClick={() => open(only === undefined ? 'give' : 'new-rule', selected)}>
            Add access rule
          </Button>
        )}
        {maySeeRules && (only === undefined ? <Button {...one}>Check access</Button> : <CheckAccessButton question={{ subject: `user:${only.username}` }} />)}
        {mayUpdate && (
          <Button {...(only?.isLocal === false ? off('This user signs in with an identity provider.') : one)} onClick={() => open('password', selected)}>
            Reset password
          </Button>
        )}
        {mayUpdate && (
          <ButtonDropdown
            {...some}
            items={[
              { id: 'log-out', text: 'Sign out everywhere' },
              { id: 'disable', text: 'Disable', disabled: !selected.some(({ enabled }) => enabled) },
              { id: 'enable', text: 'Enable', disabled: selected.every(({ enabled }) => enabled) },
              { id: 'email', text: 'Change email', ...(only?.emailAtProvider == null && off('For one user whose email has changed at the identity provider.')) },
              { id: 'unbind', text: 'End binding', disabled: selected.every(({ isLocal }) => isLocal) },
            ]}
            onItemClick={({ detail }) => open(detail.id, selected)}
          >
            Account
          </ButtonDropdown>
        )}
        {mayDelete && (
          <DangerButton {...some} onClick={() => open('delete', selected)}>
            Delete
          </DangerButton>
        )}
      </>
    );
  };
}
