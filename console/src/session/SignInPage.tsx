// Signing in, and on to where the person wanted to go.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { Narrow } from './Narrow';
import { problemOf } from './problems';
import { leadingOf, providersQuery, signInAddress } from './providers';
import { safePlace } from './returnTo';
import { mayGoRound } from './rounds';
import { signIn } from './session';

export default function SignInPage() {
  const { to, ended, problem, reference, signedOut } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [touched, setTouched] = useState(false);

  const { mutate, error, reset, isPending } = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: ({ mustChangePassword }) => {
      if (mustChangePassword) void router.navigate({ to: '/new-password', search: { ...(to === undefined ? {} : { to }) } });
      else router.history.replace(safePlace(to));
    },
    onError: () => setPassword(''),
  });
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTouched(true);
    if (isPending) return;
    if (email.trim() !== '' && password !== '') mutate();
    // What went wrong before is no longer what is wrong.
    else reset();
  };
  const { data: providers = [] } = useQuery(providersQuery);
  const isLoop = leadingOf(providers) !== undefined && !mayGoRound();
  const missing = (value: string) => (touched && !error && value.trim() === '' ? { errorText: 'Required.' } : {});
  return (
    <Narrow title="Sign in">
      <form onSubmit={send} noValidate>
        <SpaceBetween size="m">
          {ended === true && !error && <Alert type="info">Your session has ended. Sign in again to continue where you were.</Alert>}
          {ended === 'wrong-passwords' && !error && (
            <Alert type="warning" header="You were signed out">
              The current password was wrong several times in a row. Your password was not changed. Sign in again, or ask an administrator to reset it.
            </Alert>
          )}
          {ended === 'deleted' && !error && (
            <Alert type="info" header="Your user was deleted">
              You are signed out. Only an administrator can let you in again, as a new user.
            </Alert>
          )}
          {ended === 'disabled' && !error && (
            <Alert type="info" header="Your user was disabled">
              You are signed out, and cannot sign in until an administrator enables you.
            </Alert>
          )}
          {signedOut === 'done' && !error && <Alert type="success">You are signed out.</Alert>}
          {signedOut === 'provider' && !error && <Alert type="success">You are signed out, at the identity provider as well.</Alert>}
          {signedOut === 'here' && !error && (
            <Alert type="info" header="You are signed out here">
              You may still be signed in at the identity provider. To end that too, sign out there.
            </Alert>
          )}
          {isLoop && !error && (
            <Alert type="warning" header="The identity provider sent you back without a session">
              That happened twice. Let this browser accept cookies from this site, then continue with SSO, or sign in with a password.
            </Alert>
          )}
          {problem !== undefined && !error && <SsoFailed code={problem} reference={reference} />}
          {error && <FailureAlert error={error} />}
          {providers.length > 0 && (
            <SpaceBetween size="m">
              {providers.map((provider) => (
                <Button key={provider.name} href={signInAddress(provider, to)} fullWidth>
                  {providers.length === 1 ? 'Continue with SSO' : `Continue with SSO (${provider.name})`}
                </Button>
              ))}
              <div className="either">or</div>
            </SpaceBetween>
          )}
          <FormField label="Email" {...missing(email)}>
            <Input
              type="email"
              inputMode="email"
              name="username"
              autoComplete="username"
              autoFocus
              spellcheck={false}
              value={email}
              onChange={({ detail }) => setEmail(detail.value)}
            />
          </FormField>
          <FormField label="Password" {...missing(password)}>
            <Input
              type="password"
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={({ detail }) => setPassword(detail.value)}
            />
          </FormField>
          <Button variant="primary" formAction="submit" fullWidth loading={isPending} loadingText="Signing in">
            Sign in
          </Button>
        </SpaceBetween>
      </form>
    </Narrow>
  );
}

function SsoFailed({ code, reference }: { code: string; reference: string | undefined }) {
  const { header, text } = problemOf(code);
  return (
    <Alert type="error" header={header}>
      {text}
      <Box color="text-body-secondary" fontSize="body-s">
        Code: {code}
        {reference !== undefined && <>. Reference: {reference}</>}
      </Box>
    </Alert>
  );
}
