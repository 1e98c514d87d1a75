// What is done to oneself is confirmed by typing one's email: a click is too easily made about the wrong row.
import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { legible, readable } from '../readable';

/** Says that a dialog is about the reader, and what follows for them. */
export function ThisIsYou({ children }: { children: ReactNode }) {
  return (
    <Alert type="warning" header="This is you">
      {children}
    </Alert>
  );
}

/** `email` is what has to be typed; absent where nothing has to be. */
export function useTypedEmail(email: string | undefined): { isTyped: () => boolean; field: (follows: ReactNode) => ReactNode } {
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const forms = email === undefined ? [] : [email, readable(email)];
  const isRight = forms.some((form) => form?.toLowerCase() === typed.trim().toLowerCase());
  return {
    isTyped: () => {
      setMissing(true);
      return email === undefined || isRight;
    },
    field: (follows) =>
      email !== undefined && (
        <SpaceBetween size="m">
          <ThisIsYou>{follows}</ThisIsYou>
          <FormField label={`Type ${legible(email)} to confirm`} {...(missing && !isRight ? { errorText: 'Type your own email.' } : {})}>
            <Input value={typed} autoComplete="off" spellcheck={false} inputMode="email" onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
        </SpaceBetween>
      ),
  };
}
