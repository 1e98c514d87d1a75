// One new rule for each of several users.
import { NotThereDialog } from '../dialog/NotThereDialog';
import { legible } from '../readable';
import { NewRulesDialog } from '../rules/NewRulesDialog';
import { useUsers } from './useUsers';

export function GiveRuleDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { users, isPending, error } = useUsers(ids);
  const names = users.map(({ user }) => user.username);
  if (!isPending && names.length === 0 && error) return <NotThereDialog title="The users cannot be shown" error={error} onClose={onClose} />;
  return (
    <NewRulesDialog
      title={`New access rule for ${ids.length} users`}
      about={<div>{names.map(legible).join(', ')}</div>}
      state={isPending ? 'loading' : names.length === 0 ? 'blocked' : 'ready'}
      subjects={() => names.map((subjectId) => ({ subjectId, subjectType: 'user' }))}
      previewed={names.map((subjectId) => ({ subjectId, subjectType: 'user' }))}
      onClose={onClose}
    />
  );
}
