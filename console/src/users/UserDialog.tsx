// The dialogs of the list of users, each with its address.
import { idsIn, openWith, whatIsOpen } from '../dialog/address';
import { useStays } from '../dialog/useStays';
import { useMayInAccount } from '../organisation/inAccount';
import { type Need, useMay } from '../permissions/permissions';
import { ChangeEmailDialog } from './ChangeEmailDialog';
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

/** The dialog that the address names, for those who may do what it does when it opens. */
export default function UserDialog({ dialog, onOpen, onClose }: Props) {
  const may = useMay();
  const mayInAccount = useMayInAccount();
  const what = whatIsOpen(dialog);
  const ids = idsIn(dialog);
  const [first] = ids;
  const needs = needsOf(what);
  const stays = useStays(dialog, needs !== undefined && (needs[0] === 'users' ? mayInAccount : may)(needs));
  if (!stays) return null;
  if (what === 'new-user') return <NewUserDialog onClose={onClose} />;
  if (first === undefined) return null;
  if (what === 'rules' || what === 'new-rule' || what === 'delete-rule') {
    const step: Step | undefined = what === 'rules' ? undefined : what === 'new-rule' ? 'new' : ids[1] === undefined ? undefined : { deletes: ids[1] };
    const open = (step: Step | undefined) =>
      step === undefined ? onOpen(openWith('rules', [first]), { done: true }) : onOpen(step === 'new' ? openWith('new-rule', [first]) : openWith('delete-rule', [first, step.deletes]));
    return <UserRulesDialog id={first} step={step} onStep={open} onClose={onClose} />;
  }
  if (what === 'give') return <GiveRuleDialog ids={ids} onClose={onClose} />;
  if (what === 'password') return <ResetPasswordDialog id={first} onClose={onClose} />;
  if (what === 'email') return <ChangeEmailDialog id={first} onClose={onClose} />;
  if (!isChange(what)) return null;
  return <ChangeUsersDialog what={what} ids={ids} onInstead={(what) => onOpen(openWith(what, ids))} onClose={onClose} />;
}

function needsOf(what: string | undefined): Need | undefined {
  if (what === 'rules' || what === 'new-rule' || what === 'delete-rule') return ['access_rules', 'read'];
  if (what === 'give') return ['access_rules', 'create'];
  if (what === 'new-user') return ['users', 'create'];
  if (what === 'password' || what === 'email' || isChange(what)) return ['users', what === 'delete' ? 'delete' : 'update'];
  return undefined;
}

function isChange(what: string | undefined): what is Change {
  return what !== undefined && Object.hasOwn(CHANGES, what);
}
