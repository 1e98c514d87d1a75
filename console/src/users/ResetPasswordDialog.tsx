// A new temporary password for a local user, shown once.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNavigate } from '@tanstack/react-router';
import { showCredentials } from '../dialog/CredentialsDialog';
import { FormDialog } from '../dialog/FormDialog';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { LongText } from '../look/LongText';
import { notify } from '../notices/notices';
import { legible } from '../readable';
import { useSession } from '../session/session';
import { resetPassword } from './users';
import { useUsers } from './useUsers';

export function ResetPasswordDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { users, isPending, error } = useUsers([id]);
  const session = useSession();
  const [read] = users;
  const username = read?.user.username ?? '';
  const name = legible(username);

  // INVARIANT: nobody resets their own password here. It would end the very session that shows the new one.
  if (read !== undefined && username === session?.username) return <Instead onClose={onClose} />;
  if (error && read === undefined) return <NotThereDialog title="The user cannot be shown" error={error} onClose={onClose} />;
  return (
    <FormDialog
      title="Reset the password?"
      submit="Reset"
      state={isPending ? 'loading' : read?.user.isLocal === true ? 'ready' : 'blocked'}
      act={(signal) => (read === undefined ? Promise.reject(new Error('the user is not known yet')) : resetPassword(read, signal))}
      onDone={({ tempPassword }) => {
        showCredentials({
          title: "The user's credentials",
          advice: "Copy the password now; it won't be shown again. The user must change it at the next sign-in.",
          parts: [
            { label: 'Email', value: username, shown: name },
            { label: 'Temporary password', value: tempPassword },
          ],
          onDone: () => notify({ type: 'success', content: `${name} has a new temporary password.` }),
        });
        onClose();
      }}
      onClose={onClose}
    >
      {read && (
        <div>
          <LongText>{name}</LongText>{' '}
          {read.user.isLocal
            ? 'gets a temporary password. Their current password stops working and they are signed out everywhere.'
            : 'signs in with an identity provider, which keeps the password.'}
        </div>
      )}
    </FormDialog>
  );
}

function Instead({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <Modal
      visible
      header="Change your password"
      closeAriaLabel="Close"
      onDismiss={({ detail }) => detail.reason !== 'overlay' && onClose()}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" onClick={() => void navigate({ to: '/me/password' })}>
              Change password
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      This is you. Your own password is changed and not reset: you choose the new one yourself.
    </Modal>
  );
}
