// The access rules of a user in a cell of the list: the widest as a chip, and how many more there are.
import { formatNumber } from '../format';
import { Chip, type Level, levelOf } from '../look/Chip';
import { NoneSeen } from '../organisation/NoneSeen';
import type { UserRow } from './users';

const WIDEST_FIRST: readonly Level[] = ['tenant', 'cluster', 'department', 'project'];

export function HeldRules({ held }: UserRow) {
  if (held === undefined || held.totalRecords === 0) return <NoneSeen of="access_rules" />;
  const rules = held.accessRules.toSorted((a, b) => WIDEST_FIRST.indexOf(levelOf(a.scopeType)) - WIDEST_FIRST.indexOf(levelOf(b.scopeType)));
  const [widest] = rules;
  const others = held.totalRecords - 1;
  return (
    <span className="chips" title={rules.map(({ roleName, scopeName }) => `${roleName} in ${scopeName}`).join('\n')}>
      {widest && <Chip {...widest} />}
      {others > 0 && (
        <span>
          +{formatNumber(others)}
          <span className="unseen"> more</span>
        </span>
      )}
    </span>
  );
}

/** How many, for a spreadsheet: the same as in the server's export. */
export function heldAsText({ held }: UserRow): string {
  return String(held?.totalRecords ?? 0);
}
