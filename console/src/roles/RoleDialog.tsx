// The dialogs of one role: enable, disable, delete.
import { FormDialog } from '../dialog/FormDialog';
import { Impact } from '../impact/Impact';
import { notify } from '../notices/notices';
import { deleteRole, type ReadRole, setRoleEnabled } from './roles';

export type RoleChange = 'enable' | 'disable' | 'delete';

const WORDS = {
  enable: { verb: 'Enable', done: 'enabled', means: 'Access rules with this role count again.' },
  disable: { verb: 'Disable', done: 'disabled', means: 'Access rules with this role stay, and permit nothing until it is enabled again.' },
  delete: { verb: 'Delete', done: 'deleted', means: 'It will be permanently deleted.' },
} as const;

interface Props {
  what: RoleChange;
  read: ReadRole;
  onDone: () => void;
  onClose: () => void;
}

export default function RoleDialog({ what, read, onDone, onClose }: Props) {
  const { verb, done, means } = WORDS[what];
  const { name, id } = read.role;
  return (
    <FormDialog<unknown>
      title={`${verb} ${name}?`}
      submit={verb}
      isDanger={what === 'delete'}
      act={(signal) => (what === 'delete' ? deleteRole(read, signal) : setRoleEnabled(read, what === 'enable', signal))}
      onDone={() => {
        notify({ type: 'success', content: `${name} was ${done}.` });
        onDone();
      }}
      onClose={onClose}
    >
      <div>{means}</div>
      {what !== 'delete' && <Impact acts={[{ act: `${what}-role`, id: String(id) }]} />}
    </FormDialog>
  );
}
