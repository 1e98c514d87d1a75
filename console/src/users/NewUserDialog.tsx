// Making a local user: the email and the names, then the credentials to hand over, shown this once.
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
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

const NAMES = [
  ['firstName', 'First name'],
  ['lastName', 'Last name'],
] as const;

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useDraft('new-user', '');
  const [names, setNames] = useDraft('new-user-names', { firstName: '', lastName: '' });
  const [problem, setProblem] = useState<FieldProblem>();
  const at = (field: string) => (problem?.field === field ? problem.text : undefined);

  return (
    <FormDialog
      title="New local user"
      submit="Create"
      ready={() => {
        setProblem(email.trim() === '' ? new FieldProblem('email', 'Required.') : undefined);
        return email.trim() !== '';
      }}
      act={(signal) => createUser({ email: email.trim(), ...names }, signal).catch(problemIn(['email', 'firstName', 'lastName'], 'email'))}
      onDone={(made) => {
        if (made instanceof FieldProblem) {
          setProblem(made);
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
      <FormField label="Email" errorText={at('email')}>
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
      <ColumnLayout columns={2}>
        {NAMES.map(([field, label]) => (
          <FormField key={field} label={<>{label} <i>- optional</i></>} errorText={at(field)}>
            <Input
              value={names[field]}
              autoComplete="off"
              spellcheck={false}
              onChange={({ detail }) => {
                setNames({ ...names, [field]: detail.value });
                setProblem(undefined);
              }}
            />
          </FormField>
        ))}
      </ColumnLayout>
    </FormDialog>
  );
}

/** Without an access rule a user has no access. */
function AddRule({ id }: { id: string }) {
  const navigate = useNavigate();
  const may = useMay();
  return may(['access_rules', 'create']) && <Button onClick={() => void navigate({ to: '/access/users', search: { dialog: openWith('new-rule', [id]) } })}>Add access rule</Button>;
}
