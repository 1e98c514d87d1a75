// Making a local user: the email, then the credentials to hand over, shown this once.
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FieldProblem, problemIn } from '../api/failure';
import { openWith } from '../dialog/address';
import { showCredentials } from '../dialog/CredentialsDialog';
import { useDraft } from '../dialog/draft';
import { FormDialog } from '../dialog/FormDialog';
import { notify } from '../notices/notices';
import { useMay } from '../permissions/permissions';
import { legible } from '../readable';
import { createUser } from './users';

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useDraft('new-user', '');
  const [problem, setProblem] = useState<string>();

  return (
    <FormDialog
      title="New local user"
      submit="Create"
      ready={() => {
        setProblem(email.trim() === '' ? 'Required.' : undefined);
        return email.trim() !== '';
      }}
      act={(signal) => createUser(email.trim(), signal).catch(problemIn(['email'], 'email'))}
      onDone={(made) => {
        if (made instanceof FieldProblem) {
          setProblem(made.text);
          return;
        }
        const { id, username, tempPassword } = made;
        showCredentials({
          title: "The user's credentials",
          advice: "Copy the password now; it won't be shown again. The user must change it at first sign-in.",
          parts: [
            { label: 'Email', value: username, shown: legible(username) },
            { label: 'Temporary password', value: tempPassword },
          ],
          onDone: () => notify({ type: 'success', content: `${legible(username)} created.`, action: <AddRule id={id} /> }),
        });
        onClose();
      }}
      onClose={onClose}
    >
      <FormField label="Email" errorText={problem}>
        <Input
          type="email"
          inputMode="email"
          value={email}
          placeholder="ana@example.com"
          autoComplete="off"
          spellcheck={false}
          onChange={({ detail }) => {
            setEmail(detail.value);
            setProblem(undefined);
          }}
        />
      </FormField>
    </FormDialog>
  );
}

/** Without an access rule a user has no access. */
function AddRule({ id }: { id: string }) {
  const navigate = useNavigate();
  const may = useMay();
  return may(['access_rules', 'create']) && <Button onClick={() => void navigate({ to: '/access/users', search: { dialog: openWith('new-rule', [id]) } })}>Add access rule</Button>;
}
