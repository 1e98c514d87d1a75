// The rules of a user in a cell of the list: how many, and the first of them.
import Box from '@cloudscape-design/components/box';
import { formatNumber } from '../format';
import { sentenceOf } from '../rules/rules';
import type { UserRow } from './users';

const SHOWN = 2;

export function HeldRules({ held }: UserRow) {
  if (held === undefined || held.totalRecords === 0) return <Box color="text-status-inactive">No access rule</Box>;
  const grants = held.accessRules.map(({ roleName, scopeName }) => `${roleName} in ${scopeName}`);
  return (
    <span title={grants.join('\n')}>
      {formatNumber(held.totalRecords)} {held.totalRecords === 1 ? 'access rule' : 'access rules'}{' '}
      <Box variant="span" color="text-body-secondary">
        ({grants.slice(0, SHOWN).join(', ')}
        {held.totalRecords > SHOWN && ', …'})
      </Box>
    </span>
  );
}

/** All of them as sentences, for a spreadsheet. */
export function heldAsText({ held }: UserRow): string {
  if (held === undefined) return '';
  const further = held.totalRecords - held.accessRules.length;
  return [...held.accessRules.map(sentenceOf), ...(further > 0 ? [`and ${further} more`] : [])].join('; ');
}
