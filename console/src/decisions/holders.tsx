// The columns of those who may do something: who, by which rules, and the way to the whole answer.
import Box from '@cloudscape-design/components/box';
import { formatNumber } from '../format';
import type { Column } from '../list/source';
import { SubjectName } from '../look/SubjectName';
import { legible } from '../readable';
import { PageLink } from '../shell/PageLink';
import { type Holder, type WhoCan } from './decisions';
import { hrefOf, printPermission, printSubject } from './question';
import { grantOfRule } from './words';

/** As many rules as a cell names. */
const SHOWN = 2;

export function columnsOf({ permission, scope }: WhoCan): Column<Holder>[] {
  const why = ({ subject }: Holder) => hrefOf({ subject: printSubject(subject), can: printPermission(permission), scope });
  const Why = (holder: Holder) => (
    <PageLink href={why(holder)} label={`Why? ${legible(holder.subject.id)}`}>
      Why?
    </PageLink>
  );
  return [
    { id: 'subject', header: 'Subject', cell: ({ subject }) => <SubjectName name={subject.id} wrap />, width: 280 },
    { id: 'rules', header: 'By access rule(s)', cell: Rules, width: 420 },
    { id: 'inherited', header: 'Inherited', cell: inherited, width: 130 },
    { id: 'groups', header: 'Through groups', cell: (holder) => groupsOf(holder).join(', '), width: 200 },
    { id: 'why', header: 'Why', cell: Why, width: 100 },
  ];
}

function Rules({ rules, hidden }: Holder) {
  if (rules.length === 0) return <Box color="text-status-inactive">None you can see</Box>;
  const further = Math.max(0, rules.length - SHOWN) + hidden;
  return (
    <span title={rules.map(grantOfRule).join('\n')}>
      {rules.slice(0, SHOWN).map(grantOfRule).join('; ')}
      {further > 0 && `; and ${formatNumber(further)} more`}
    </span>
  );
}

function inherited({ rules, hidden }: Holder): string {
  const here = rules.some((rule) => !rule.inherited);
  const above = rules.some((rule) => rule.inherited);
  if (here) return above ? 'Also' : 'No';
  // Where a rule is that one may not see, one does not know.
  return above ? 'Yes' : hidden > 0 ? 'Unknown' : '';
}

function groupsOf({ rules }: Holder): string[] {
  return [...new Set(rules.filter(({ viaGroup }) => viaGroup).map(({ subjectId }) => subjectId))];
}
