// The dialogs of the list of users, each with its address.
import { idsIn, openWith, whatIsOpen } from '../dialog/address';
import { useMay } from '../permissions/permissions';
import { type Change, CHANGES, ChangeUsersDialog } from './ChangeUsersDialog';
import { GiveRuleDialog } from './GiveRuleDialog';
import { NewUserDialog } from './NewUserDialog';
import { ResetPasswordDialog } from './ResetPasswordDialog';
import { type Step, UserRulesDialog } from './UserRulesDialog';

interface Props {
  dialog: string;
  /** Opens another one; with `done` in the place of this one, to which Back must not lead. */
  onOpen: (dialog: string, how?: { done: boolean }) => void;
  onClose: () => void;
}

/** The dialog that the address names, for whoever may do what it does. */
export default function UserDialog({ dialog, onOpen, onClose }: Props) {
  const may = useMay();
  const what = whatIsOpen(dialog);
  const ids = idsIn(dialog);
  const [first] = ids;
  if (what === 'new-user') return may(['users', 'create']) && <NewUserDialog onClose={onClose} />;
  if (first === undefined) return null;
  if (what === 'rules' || what === 'new-rule' || what === 'delete-rule') {
    const step: Step | undefined = what === 'rules' ? undefined : what === 'new-rule' ? 'new' : ids[1] === undefined ? undefined : { deletes: ids[1] };
    const open = (step: Step | undefined) =>
      step === undefined ? onOpen(openWith('rules', [first]), { done: true }) : onOpen(step === 'new' ? openWith('new-rule', [first]) : openWith('delete-rule', [first, step.deletes]));
    return may(['access_rules', 'read']) && <UserRulesDialog id={first} step={step} onStep={open} onClose={onClose} />;
  }
  if (what === 'give') return may(['access_rules', 'create']) && <GiveRuleDialog ids={ids} onClose={onClose} />;
  if (what === 'password') return may(['users', 'update']) && <ResetPasswordDialog id={first} onClose={onClose} />;
  if (!isChange(what) || !may(['users', what === 'delete' ? 'delete' : 'update'])) return null;
  return <ChangeUsersDialog what={what} ids={ids} onInstead={(what) => onOpen(openWith(what, ids))} onClose={onClose} />;
}

function isChange(what: string | undefined): what is Change {
  return what !== undefined && Object.hasOwn(CHANGES, what);
}
