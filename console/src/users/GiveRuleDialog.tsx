// One new rule for each of several users.
import { NewRulesDialog } from '../rules/NewRulesDialog';
import { useUsers } from './useUsers';

export function GiveRuleDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { users, isPending } = useUsers(ids);
  const names = users.map(({ user }) => user.username);
  return (
    <NewRulesDialog
      title={`New access rule for ${ids.length} users`}
      about={<div>{names.join(', ')}</div>}
      subjects={() => (isPending ? undefined : names.map((subjectId) => ({ subjectId, subjectType: 'user' })))}
      onClose={onClose}
    />
  );
}
