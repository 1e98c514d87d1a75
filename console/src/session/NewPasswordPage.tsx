// A temporary password lets its owner choose a new one and nothing else.
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRouter, useSearch } from '@tanstack/react-router';
import { notify } from '../notices/notices';
import { Narrow } from './Narrow';
import { PasswordForm } from './PasswordForm';
import { safePlace } from './returnTo';
import { signOut, useSession } from './session';

export default function NewPasswordPage() {
  const { to } = useSearch({ from: '/new-password' });
  const router = useRouter();
  const session = useSession();
  const finish = () => {
    notify({ type: 'success', content: 'Your password was changed.' });
    router.history.replace(safePlace(to));
  };
  return (
    <Narrow title="Choose your password" description="Your password is temporary. Choose a new one to continue.">
      <SpaceBetween size="m">
        <PasswordForm email={session?.username ?? ''} currentLabel="Temporary password" onDone={finish} />
        <Button variant="inline-link" onClick={() => void signOut().then(() => router.navigate({ to: '/sign-in', search: { signedOut: 'done' } }))}>
          Sign in as another user
        </Button>
      </SpaceBetween>
    </Narrow>
  );
}
