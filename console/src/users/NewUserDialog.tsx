// Making a local user: his e-mail, then the credentials to hand over, visible this once.
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { CredentialsDialog } from '../dialog/CredentialsDialog';
import { useDraft } from '../dialog/draft';
import { FormDialog } from '../dialog/FormDialog';
import { notify } from '../notices/notices';
import { createUser, type Credentials } from './users';

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useDraft('new-user', '');
  const [missing, setMissing] = useState(false);
  const [credentials, setCredentials] = useDraft<Credentials | undefined>('new-user-credentials', undefined);

  if (credentials !== undefined) {
    const finish = () => {
      notify({ type: 'success', content: `${credentials.username} was created. What he may do is said by access rules.` });
      onClose();
    };
    return (
      <CredentialsDialog
        title="The user's credentials"
        advice="The password is visible this once. Hand it over; it must be changed at the first sign-in."
        parts={[
          { label: 'E-mail', value: credentials.username },
          { label: 'Temporary password', value: credentials.tempPassword },
        ]}
        onDone={finish}
      />
    );
  }
  return (
    <FormDialog
      title="New local user"
      submit="Create"
      ready={() => {
        setMissing(email.trim() === '');
        return email.trim() !== '';
      }}
      act={() => createUser(email.trim())}
      onDone={setCredentials}
      onClose={onClose}
    >
      <FormField label="E-mail" {...(missing ? { errorText: 'An e-mail is needed.' } : {})}>
        <Input
          type="email"
          inputMode="email"
          value={email}
          placeholder="ana@example.com"
          autoComplete="off"
          spellcheck={false}
          onChange={({ detail }) => setEmail(detail.value)}
        />
      </FormField>
    </FormDialog>
  );
}
