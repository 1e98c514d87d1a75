// Changing one's own password, with advice while typing. The server decides.
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { changePassword } from './session';
import { LONGEST, SHORTEST, weakness } from './strength';
import { Status } from '../look/Status';

/** How many are left is not told by the server. */
const SIGNS_OUT = 'Several wrong ones in a row sign you out.';

interface Props {
  email: string;
  /** `Temporary password`, say. */
  currentLabel: string;
  onDone: () => void;
}

export function PasswordForm({ email, currentLabel, onDone }: Props) {
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [touched, setTouched] = useState(false);
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: () => changePassword(current, fresh),
    onSuccess: () => {
      setCurrent('');
      setFresh('');
      setAgain('');
      setTouched(false);
      onDone();
    },
  });

  // The page calls it as it is called to its owner.
  const named = (text: string | undefined) => text?.replace('current password', currentLabel.toLowerCase());
  const weak = named(weakness(fresh, current, email));
  const differs = fresh === again ? undefined : "Passwords don't match.";
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!isPending && current !== '' && weak === undefined && differs === undefined) mutate();
  };
  // What the server says of a field stands there, and goes when the field is changed.
  const refused = (field: string) => (error instanceof Failure && error.field === field ? named(error.problem) : undefined);
  const wrongCurrent = refused('currentPassword');
  const atField = wrongCurrent ?? refused('newPassword');
  const change = (set: (value: string) => void) => (value: string) => {
    if (atField !== undefined) reset();
    set(value);
  };
  const freshProblem = refused('newPassword') ?? weak;
  const wrong = (text: string | undefined) => (touched && text !== undefined ? { errorText: text } : {});
  return (
    <form onSubmit={send} noValidate>
      <SpaceBetween size="m">
        {error && atField === undefined && <FailureAlert error={error} />}
        {/* Tells password managers whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <FormField label={currentLabel} {...wrong(wrongCurrent === undefined ? (current === '' ? 'Required.' : undefined) : `${wrongCurrent} ${SIGNS_OUT}`)}>
          <Secret value={current} onChange={change(setCurrent)} autoComplete="current-password" />
        </FormField>
        <FormField
          label="New password"
          description={`${SHORTEST} to ${LONGEST} characters, hard to guess. A few unrelated words work well.`}
          // What is wrong is told once.
          constraintText={touched && freshProblem !== undefined ? undefined : <Advice password={fresh} weak={weak} />}
          {...wrong(freshProblem)}
        >
          <Secret value={fresh} onChange={change(setFresh)} autoComplete="new-password" />
        </FormField>
        <FormField label="Repeat new password" {...wrong(differs)}>
          <Secret value={again} onChange={setAgain} autoComplete="new-password" />
        </FormField>
        <Button variant="primary" formAction="submit" loading={isPending} loadingText="Changing the password">
          Change password
        </Button>
      </SpaceBetween>
    </form>
  );
}

function Secret({ value, onChange, autoComplete }: { value: string; onChange: (value: string) => void; autoComplete: InputProps['autoComplete'] & string }) {
  return <Input type="password" value={value} autoComplete={autoComplete} onChange={({ detail }) => onChange(detail.value)} />;
}

function Advice({ password, weak }: { password: string; weak: string | undefined }) {
  if (password === '') return null;
  if (weak !== undefined) return <Status type="warning">{weak}</Status>;
  return <Status type="info">Long enough. The server checks whether it is easy to guess.</Status>;
}
