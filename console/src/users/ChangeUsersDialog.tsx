// Doing one thing with one or several users: what it means, whether it is meant, and what came of each.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { asFailure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { FormDialog } from '../dialog/FormDialog';
import type { Outcome } from '../dialog/outcome';
import { OutcomesDialog } from '../dialog/OutcomesDialog';
import { formatNumber } from '../format';
import { notify } from '../notices/notices';
import { deleteUser, disableUser, enableUser, logOut, readHeld, type ReadUser } from './users';
import { useUsers } from './useUsers';

export type Change = 'delete' | 'disable' | 'enable' | 'log-out';

interface Words {
  /** `Delete ana@example.com?` */
  verb: string;
  /** `ana@example.com was deleted.` */
  done: string;
  means: string;
  act: (read: ReadUser) => Promise<unknown>;
}

export const CHANGES: Record<Change, Words> = {
  delete: { verb: 'Delete', done: 'deleted', means: 'The password and all sessions go too. This cannot be undone.', act: deleteUser },
  disable: { verb: 'Disable', done: 'disabled', means: 'All sessions end, and nobody can sign in as a disabled user. The access rules stay.', act: disableUser },
  enable: { verb: 'Enable', done: 'enabled', means: 'Signing in is possible again, with the access rules of before.', act: enableUser },
  'log-out': { verb: 'Log out', done: 'logged out', means: 'All sessions end. Signing in again is possible.', act: logOut },
};

interface Props {
  what: Change;
  ids: readonly string[];
  /** Leads to another change of the same users. */
  onInstead: (what: Change) => void;
  onClose: () => void;
}

export function ChangeUsersDialog({ what, ids, onInstead, onClose }: Props) {
  const { verb, done, means, act } = CHANGES[what];
  const { users, isPending, error } = useUsers(ids);
  const [outcomes, setOutcomes] = useState<Outcome[]>();

  if (outcomes !== undefined) return <OutcomesDialog title="What came of each user" outcomes={outcomes} onClose={onClose} />;
  const names = users.map(({ user }) => user.username);
  const finish = (outcomes: Outcome[]) => {
    if (outcomes.some(({ problem }) => problem !== undefined)) {
      setOutcomes(outcomes);
      return;
    }
    const [only, ...others] = outcomes;
    notify({ type: 'success', content: others.length > 0 ? `${formatNumber(outcomes.length)} users were ${done}.` : `${only?.what ?? ''} was ${done}.` });
    onClose();
  };
  return (
    <FormDialog
      title={ids.length > 1 ? `${verb} ${formatNumber(ids.length)} users?` : `${verb} ${names[0] ?? ''}?`}
      submit={verb}
      state={isPending ? 'loading' : users.length === 0 ? 'blocked' : 'ready'}
      act={() => actOnEach(users, act)}
      onDone={finish}
      onClose={onClose}
    >
      {/* Who was read and is gone by now is told of by the change itself. */}
      {error && users.length === 0 && <FailureAlert error={error} />}
      {users.length > 1 && (
        <ul className="plain">
          {names.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      <div>{means}</div>
      {what === 'delete' && <RulesThatGo ids={ids} />}
      {what === 'delete' && users.some(({ user }) => !user.isLocal) && (
        <Instead onDisable={() => onInstead('disable')}>
          {users.length > 1 ? 'Those who sign in with an identity provider come' : `${names[0] ?? ''} signs in with an identity provider and comes`} back, without
          access rules, at the next sign-in. Disabling keeps them out.
        </Instead>
      )}
    </FormDialog>
  );
}

function Instead({ onDisable, children }: { onDisable: () => void; children: ReactNode }) {
  return (
    // Without `none` it would send the form that it stands in, which deletes.
    <Alert
      type="warning"
      action={
        <Button formAction="none" onClick={onDisable}>
          Disable instead
        </Button>
      }
    >
      {children}
    </Alert>
  );
}

/** How many rules are about these users themselves, as far as the person sees them. */
function RulesThatGo({ ids }: { ids: readonly string[] }) {
  const { data } = useQuery({ queryKey: ['users', 'held', ids], queryFn: ({ signal }) => readHeld(ids, signal) });
  if (data === undefined) return null;
  const rules = data.flatMap(({ accessRules }) => accessRules).filter(({ throughGroup }) => throughGroup === null);
  const more = data.some(({ accessRules, totalRecords }) => totalRecords > accessRules.length) ? 'At least ' : '';
  if (rules.length === 0) return <div>No access rule is about {ids.length > 1 ? 'them' : 'this user'}.</div>;
  return (
    <div>
      {more}
      {formatNumber(rules.length)} {rules.length === 1 ? 'access rule goes' : 'access rules go'} too.
    </div>
  );
}

/** One after the other. One alone is refused as a whole; of several each has its outcome. */
async function actOnEach(users: readonly ReadUser[], act: (read: ReadUser) => Promise<unknown>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const read of users) {
    const what = read.user.username;
    try {
      await act(read);
      outcomes.push({ what });
    } catch (error) {
      if (users.length === 1) throw error;
      outcomes.push({ what, problem: asFailure(error).message });
    }
  }
  return outcomes;
}
