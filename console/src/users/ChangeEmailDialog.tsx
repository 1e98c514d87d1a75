// An email that changed at the identity provider: what goes with it, and whether it is meant.
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { FormDialog } from '../dialog/FormDialog';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { showOutcomes } from '../dialog/OutcomesDialog';
import { ThisIsYou } from '../dialog/typedEmail';
import { formatCount } from '../format';
import { LongText } from '../look/LongText';
import { notify } from '../notices/notices';
import { legible } from '../readable';
import { AccessList } from '../rules/AccessList';
import { useSession } from '../session/session';
import { changeEmail, emailChangeQuery } from './users';
import { useUsers } from './useUsers';

export function ChangeEmailDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { users, error: unread } = useUsers([id]);
  const { data: change, error: refused } = useQuery(emailChangeQuery(id));
  const session = useSession();
  const [read] = users;
  const error = unread ?? refused;
  if (error && (read === undefined || change === undefined)) return <NotThereDialog title="The email cannot be changed" error={error} onClose={onClose} />;
  const isOneself = read !== undefined && read.user.username === session?.username;
  const from = legible(change?.email ?? read?.user.username ?? 'the user');
  const to = legible(change?.emailAtProvider ?? '');
  return (
    <FormDialog
      title={`Change the email of ${from}?`}
      submit="Change email"
      state={read === undefined || change === undefined ? 'loading' : 'ready'}
      act={(signal) => (read === undefined || change === undefined ? Promise.reject(new Error('the user is not known yet')) : changeEmail(read, change, signal))}
      onDone={() => {
        // One's own session ended with it: a notice on this page would go unseen.
        if (isOneself) showOutcomes('email', 'changed', [{ what: `${from} is now ${to}.` }]);
        else notify({ type: 'success', content: `${from} is now ${to}.` });
        onClose();
      }}
      onClose={onClose}
    >
      {change && (
        <SpaceBetween size="m">
          <div>
            Their email at the identity provider is now <LongText>{to}</LongText>. Changing it here moves their access rules to that email and signs them out everywhere.
          </div>
          <div>
            {change.moving.total === 0 ? (
              'No access rules name them.'
            ) : (
              <>
                This moves {formatCount(change.moving.total, 'access rules')}:
                <AccessList {...change.moving} />
              </>
            )}
          </div>
          {change.joining.total > 0 && (
            <div>
              {formatCount(change.joining.total, 'access rules')} for <LongText>{to}</LongText> already {change.joining.total === 1 ? 'exists and also applies' : 'exist and also apply'}:
              <AccessList {...change.joining} />
            </div>
          )}
          {isOneself && <ThisIsYou>You are signed out here, too, and sign in again with the new email.</ThisIsYou>}
        </SpaceBetween>
      )}
    </FormDialog>
  );
}
