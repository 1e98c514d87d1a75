// The access rules of a user in a cell of the list: the widest as a chip, and how many more there are.
import { formatNumber } from '../format';
import { Chip } from '../look/Chip';
import { NoneSeen } from '../organisation/NoneSeen';
import { grantOf } from '../rules/rules';
import type { Held, UserRow } from './users';

export function HeldRules({ held }: UserRow) {
  if (held === undefined || held.totalRecords === 0) return <NoneSeen of="access_rules" />;
  // The server sends the widest first.
  const [widest] = held.accessRules;
  const others = held.totalRecords - 1;
  return (
    <span className="chips" title={allOf(held)}>
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

/** The rules that are known, one per line, and how many more there are. */
export function allOf({ accessRules, totalRecords }: Held): string {
  const more = totalRecords - accessRules.length;
  return [...accessRules.map(grantOf), ...(more > 0 ? [`and ${formatNumber(more)} more`] : [])].join('\n');
}
