// A new temporary password for a local user, visible this once.
import { FailureAlert } from '../api/FailureAlert';
import { CredentialsDialog } from '../dialog/CredentialsDialog';
import { useDraft } from '../dialog/draft';
import { FormDialog } from '../dialog/FormDialog';
import { notify } from '../notices/notices';
import { resetPassword } from './users';
import { useUsers } from './useUsers';

export function ResetPasswordDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { users, isPending, error } = useUsers([id]);
  const [password, setPassword] = useDraft<string | undefined>(`new-password:${id}`, undefined);
  const [read] = users;
  const username = read?.user.username ?? '';

  if (password !== undefined) {
    const finish = () => {
      notify({ type: 'success', content: `${username} has a new temporary password.` });
      onClose();
    };
    return (
      <CredentialsDialog
        title="The user's credentials"
        advice="The password is visible this once. Hand it over; it must be changed at the next sign-in."
        parts={[
          { label: 'E-mail', value: username },
          { label: 'Temporary password', value: password },
        ]}
        onDone={finish}
      />
    );
  }
  return (
    <FormDialog
      title="Reset the password?"
      submit="Reset"
      state={isPending ? 'loading' : read?.user.isLocal === true ? 'ready' : 'blocked'}
      act={() => (read === undefined ? Promise.reject(new Error('the user is not known yet')) : resetPassword(read))}
      onDone={({ tempPassword }) => setPassword(tempPassword)}
      onClose={onClose}
    >
      {error && read === undefined && <FailureAlert error={error} />}
      {read && (
        <div>
          {read.user.isLocal
            ? `${username} gets a temporary password. The present one holds no more, and all sessions end.`
            : `${username} signs in with an identity provider, which keeps the password.`}
        </div>
      )}
    </FormDialog>
  );
}
