// One new rule for each of several users.
import { FailureAlert } from '../api/FailureAlert';
import { legible } from '../readable';
import { NewRulesDialog } from '../rules/NewRulesDialog';
import { useUsers } from './useUsers';

export function GiveRuleDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { users, isPending, error } = useUsers(ids);
  const names = users.map(({ user }) => user.username);
  return (
    <NewRulesDialog
      title={`New access rule for ${ids.length} users`}
      about={
        <>
          {error && names.length === 0 && <FailureAlert error={error} />}
          <div>{names.map(legible).join(', ')}</div>
        </>
      }
      state={isPending ? 'loading' : names.length === 0 ? 'blocked' : 'ready'}
      subjects={() => names.map((subjectId) => ({ subjectId, subjectType: 'user' }))}
      onClose={onClose}
    />
  );
}
