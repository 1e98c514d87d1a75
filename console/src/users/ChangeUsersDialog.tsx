// Doing one thing with one or several users: what follows, whether it is meant, and the result of each. Of several, those who are
// gone are among the results.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { asFailure, Failure } from '../api/failure';
import { FormDialog } from '../dialog/FormDialog';
import { isLeaving } from '../dialog/held';
import { NotThereDialog } from '../dialog/NotThereDialog';
import type { Outcome } from '../dialog/outcome';
import { showOutcomes } from '../dialog/OutcomesDialog';
import { ThisIsYou, useTypedEmail } from '../dialog/typedEmail';
import { formatNumber } from '../format';
import { Impact } from '../impact/Impact';
import type { Act } from '../impact/impact';
import { LongText } from '../look/LongText';
import { notify } from '../notices/notices';
import { useUnseen } from '../organisation/unseen';
import { legible } from '../readable';
import { endingOneself } from '../session/ownEnd';
import { useSession } from '../session/session';
import { lockoutWithout } from './lockout';
import { deleteUser, disableUser, enableUser, type Held, logOut, readHeld, type ReadUser, unbind } from './users';
import { useUsers } from './useUsers';

export type Change = 'delete' | 'disable' | 'enable' | 'log-out' | 'unbind';

interface Words {
  /** What the button says of one user. */
  verb: string;
  /** `Delete ana@example.com`: the question, and what the button says of several. */
  title: (users: string) => string;
  /** `ana@example.com was deleted.` */
  done: string;
  means?: string;
  /** What follows for the person who does it to their own user. */
  toOneself?: string;
  /** Whether a slip is soon mended: then nothing is typed to confirm that one means oneself. */
  isHarmless?: true;
  act: (read: ReadUser, signal: AbortSignal) => Promise<unknown>;
  /** What the server compares, where it changes permissions. */
  preview?: Act['act'];
}

export const CHANGES: Record<Change, Words> = {
  delete: {
    verb: 'Delete',
    title: (users) => `Delete ${users}`,
    done: 'deleted',
    toOneself: 'You are signed out at once and lose your password and all your access rules. Only another administrator can let you in again, as a new user.',
    act: deleteUser,
    preview: 'delete-user',
  },
  disable: {
    verb: 'Disable',
    title: (users) => `Disable ${users}`,
    done: 'disabled',
    means: 'Disabled users have no access: they are signed out everywhere and cannot sign in. Their access rules stay.',
    toOneself: 'You are signed out at once and cannot sign in until another administrator enables you.',
    act: disableUser,
    preview: 'disable-user',
  },
  enable: {
    verb: 'Enable',
    title: (users) => `Enable ${users}`,
    done: 'enabled',
    means: 'They can sign in again, with the same access rules as before.',
    act: enableUser,
    preview: 'enable-user',
  },
  'log-out': {
    verb: 'Sign out everywhere',
    title: (users) => `Sign out ${users} everywhere`,
    done: 'signed out everywhere',
    means: 'All sessions end. Signing in again is possible.',
    toOneself: 'You are signed out here, too, and everywhere else. You can sign in again at once.',
    isHarmless: true,
    act: logOut,
  },
  unbind: {
    verb: 'End binding',
    title: (users) => `End the binding of ${users}`,
    done: 'unbound',
    means:
      'For people who got a new identity at their identity provider. The next person whom an identity provider describes with this email becomes this user, with the same access rules. The user is signed out everywhere.',
    toOneself: 'You are signed out here, too, and everywhere else.',
    act: unbind,
  },
};

interface Props {
  what: Change;
  ids: readonly string[];
  /** Leads to another change of the same users. */
  onInstead: (what: Change) => void;
  onClose: () => void;
}

export function ChangeUsersDialog({ what, ids, onInstead, onClose }: Props) {
  const { verb, title, done, means, toOneself, isHarmless, act, preview } = CHANGES[what];
  const { users, missing, isPending, error } = useUsers(ids);
  const session = useSession();
  const isOneself = ({ user }: ReadUser) => user.username === session?.username;
  // Oneself last: the others could not be changed any more.
  const inOrder = [...users.filter((read) => !isOneself(read)), ...users.filter(isOneself)];
  const endsAccess = what === 'delete' || what === 'disable';
  const held = useQuery({ queryKey: ['users', 'held', ids], queryFn: ({ signal }) => readHeld(ids, signal), enabled: endsAccess });
  const lockout = useQuery({
    queryKey: ['lockout', ids],
    queryFn: ({ signal }) => lockoutWithout(inOrder.flatMap(({ user }) => held.data?.find(({ id }) => id === user.id) ?? []), signal),
    enabled: endsAccess && held.data !== undefined && !isPending,
    staleTime: 0,
    // Not kept for the next dialog: it may be another answer by then.
    gcTime: 0,
  });
  const isLoading = isPending || held.isLoading || lockout.isLoading;
  const last = users.find(({ user }) => user.id === lockout.data?.last);
  const changing = inOrder.filter((read) => read !== last);
  const isImpossible = last !== undefined && changing.length === 0;
  const unseen = useUnseen('access_rules');
  const oneself = changing.find(isOneself);
  const isToldSo = !isLoading && oneself !== undefined && toOneself !== undefined;
  const email = useTypedEmail(isToldSo && isHarmless !== true ? session?.username : undefined);

  const names = changing.map(({ user }) => legible(user.username));
  // Those who are gone are among the results; the one who stays is not.
  const count = ids.length - (last === undefined ? 0 : 1);
  const about = count > 1 ? `${formatNumber(count)} users` : legible((changing[0] ?? last)?.user.username ?? 'the user');
  const actOn = (read: ReadUser, signal: AbortSignal) =>
    endsAccess && isOneself(read) ? endingOneself(what === 'delete' ? 'deleted' : 'disabled', act(read, signal)) : act(read, signal);
  const finish = (outcomes: Outcome[]) => {
    // One's own session may have ended with it: a notice on this page would go unseen.
    if (outcomes.some(({ problem }) => problem !== undefined) || (oneself !== undefined && what !== 'enable')) showOutcomes('user', done, outcomes);
    else notify({ type: 'success', content: outcomes.length > 1 ? `${formatNumber(outcomes.length)} users were ${done}.` : `${names[0] ?? ''} was ${done}.` });
    onClose();
  };
  if (!isPending && users.length === 0 && error) return <NotThereDialog title={ids.length > 1 ? 'The users cannot be shown' : 'The user cannot be shown'} error={error} onClose={onClose} />;
  return (
    <FormDialog
      title={`${title(about)}?`}
      submit={count > 1 ? title(about) : verb}
      isDanger={what === 'delete'}
      state={isLoading ? 'loading' : changing.length === 0 ? 'blocked' : 'ready'}
      ready={email.isTyped}
      act={async (signal) => [...(await actOnEach(changing, actOn, signal)), ...missing]}
      onDone={finish}
      onClose={onClose}
    >
      {changing.length > 1 && (
        <ul className="plain">
          {changing.map((read) => (
            <li key={read.user.id}>
              <LongText>{legible(read.user.username)}</LongText>
              {isOneself(read) && ' (you)'}
            </li>
          ))}
        </ul>
      )}
      {means !== undefined && !isImpossible && <div>{means}</div>}
      {what === 'delete' && changing.some(({ user }) => !user.isLocal) && (
        <div>SSO users can come back at the next sign-in, without access rules of their own. Disable them instead to keep them out.</div>
      )}
      {what === 'delete' && held.data && !isImpossible && <div>{whatGoes(held.data.filter(({ id }) => changing.some(({ user }) => user.id === id)), changing.length > 1, unseen)}</div>}
      {what === 'unbind' &&
        changing.map(({ user }) =>
          user.emailAtProvider == null ? null : (
            <Alert key={user.id} type="warning">
              At the identity provider, the email of <LongText>{legible(user.username)}</LongText> is now <LongText>{legible(user.emailAtProvider)}</LongText>. If it is the same person, change the email instead:
              otherwise they return as a new user, and the next person with the old email becomes this one.
            </Alert>
          ),
        )}
      {preview !== undefined && <Impact acts={isLoading ? [] : changing.map(({ user }) => ({ act: preview, id: user.id }))} />}
      {isToldSo && isHarmless === true && <ThisIsYou>{toOneself}</ThisIsYou>}
      {lockout.data && last && (
        <Alert type="warning" header={isImpossible ? 'This is not possible' : `${isOneself(last) ? 'You' : legible(last.user.username)} will not be ${done}`}>
          {isOneself(last) ? 'You' : 'They'} are the last administrator. {lockout.data.why}
        </Alert>
      )}
      {email.field(toOneself)}
      {what === 'delete' && changing.some(({ user }) => !user.isLocal) && (
        <Instead onDisable={() => onInstead('disable')}>
          {changing.length > 1 ? 'Those who sign in with an identity provider come' : <><LongText>{names[0] ?? ''}</LongText> signs in with an identity provider and comes</>} back, without
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

/** What is deleted with these users, as far as the person sees it. */
function whatGoes(held: readonly Held[], areSeveral: boolean, unseen: string): string {
  const rules = held.flatMap(({ accessRules }) => accessRules).filter(({ throughGroup }) => throughGroup === null);
  if (rules.length === 0) return `This also ends all sessions. It cannot be undone. Access rules of ${areSeveral ? 'these users' : 'this user'}: none${unseen}.`;
  const atLeast = held.some(({ accessRules, totalRecords }) => totalRecords > accessRules.length) ? 'at least ' : '';
  return `This also deletes ${atLeast}${formatNumber(rules.length)} access ${rules.length === 1 ? 'rule' : 'rules'} and ends all sessions. It cannot be undone.`;
}

/** One after the other. One alone is refused as a whole; of several each has its result. */
async function actOnEach(users: readonly ReadUser[], act: Words['act'], signal: AbortSignal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const read of users) {
    const name = legible(read.user.username);
    if (isLeaving()) {
      outcomes.push({ what: name, problem: 'Not done: your session had ended.' });
      continue;
    }
    try {
      await act(read, signal);
      outcomes.push({ what: name });
    } catch (error) {
      if (users.length === 1 || signal.aborted) throw error;
      outcomes.push({ what: name, problem: asFailure(error).message, ...(error instanceof Failure && error.mayHaveWorked ? { isUnknown: true } : {}) });
    }
  }
  return outcomes;
}
