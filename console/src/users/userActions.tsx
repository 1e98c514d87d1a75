// The buttons for the users who are selected: only what the person may do with them.
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { CheckAccessButton } from '../decisions/CheckAccessButton';
import { tooMany } from '../dialog/address';
import type { Need } from '../permissions/permissions';
import type { UserRow } from './users';

/** A function and no component, so that the buttons stand in a row with those of the list. */
export function userActions(selected: readonly UserRow[], may: (need: Need) => boolean, open: (what: string) => void) {
  const [only, ...others] = selected;
  if (only === undefined) return null;
  const single = others.length === 0;
  const limit = tooMany(selected);
  const mayUpdate = may(['users', 'update']);
  const further = [
    { id: 'log-out', text: 'Log out' },
    ...(selected.some(({ enabled }) => enabled) ? [{ id: 'disable', text: 'Disable' }] : []),
    ...(selected.some(({ enabled }) => !enabled) ? [{ id: 'enable', text: 'Enable' }] : []),
  ];
  return (
    <>
      {single && may(['access_rules', 'read']) && <Button onClick={() => open('rules')}>Access rules</Button>}
      {!single && may(['access_rules', 'create']) && (
        <Button {...limit} onClick={() => open('give')}>
          Give an access rule
        </Button>
      )}
      {single && may(['access_rules', 'read']) && <CheckAccessButton question={{ subject: `user:${only.username}` }} />}
      {single && only.isLocal && mayUpdate && <Button onClick={() => open('password')}>Reset password</Button>}
      {mayUpdate && (
        <ButtonDropdown items={further} {...limit} onItemClick={({ detail }) => open(detail.id)}>
          Sign-in
        </ButtonDropdown>
      )}
      {may(['users', 'delete']) && (
        <Button {...limit} onClick={() => open('delete')}>
          Delete
        </Button>
      )}
    </>
  );
}
