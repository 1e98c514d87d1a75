// What would come of a sign-in: who it would be, and which access they would gain or lose.
import { formatCount } from '../format';
import { LongText } from '../look/LongText';
import { legible } from '../readable';
import { AccessList } from '../rules/AccessList';
import type { Outcome } from './signIns';

export function OutcomeText({ outcome }: { outcome: Outcome }) {
  const { email, isNew, groupsGained, groupsLost, accessGained, accessLost } = outcome;
  const isSame = !isNew && groupsGained.total + groupsLost.total + accessGained.total === 0;
  return (
    <>
      <div>
        <LongText>{legible(email)}</LongText>
        {isNew ? ' would appear as a new SSO user.' : isSame ? ' would stay as they are.' : '.'}
      </div>
      <Groups verb="They would come into" {...groupsGained} />
      <Groups verb="They would leave" {...groupsLost} />
      <Access verb="gain" access={accessGained} />
      <Access verb="lose" access={accessLost} />
      {isNew && accessGained.total === 0 && <div>No access rule gives them anything.</div>}
    </>
  );
}

function Groups({ verb, total, first }: { verb: string; total: number; first: readonly string[] }) {
  if (total === 0) return null;
  return (
    <div>
      {verb} {total === 1 ? 'the group ' : `${formatCount(total, 'groups')}: `}
      <LongText>{first.join(', ')}</LongText>
      {total > first.length && ` and ${formatCount(total - first.length, 'more groups')}`}.
    </div>
  );
}

function Access({ verb, access }: { verb: string; access: Outcome['accessGained'] }) {
  if (access.total === 0) return null;
  return (
    <div>
      They would {verb}:
      <AccessList {...access} />
    </div>
  );
}
