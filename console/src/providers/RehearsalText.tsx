// What would come of sign-ins, counted by person, and told for those for whom something would change.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { formatNumber } from '../format';
import { LongText } from '../look/LongText';
import { Status } from '../look/Status';
import { legible } from '../readable';
import { OutcomeText } from './OutcomeText';
import { ReadingText } from './ReadingText';
import { type Rehearsal, type Rehearsed, resultOf } from './signIns';

export function RehearsalText({ rehearsal, isOne }: { rehearsal: Rehearsal; isOne: boolean }) {
  const [only] = rehearsal.told;
  if (isOne && only !== undefined) return <One rehearsed={only} />;
  if (rehearsal.people === 0) return <Alert type="info">Nobody who is known signed in with it yet.</Alert>;
  return (
    <SpaceBetween size="s">
      <Counts {...rehearsal} />
      <ul className="outcomes" aria-label="People">
        {rehearsal.told.map((it, index) => (
          <li key={index}>
            <Status type={it.problem == null ? (it.outcome?.accessLost.total ? 'warning' : 'success') : 'error'}>
              <LongText>{legible(it.outcome?.email ?? it.reading.email ?? 'A person without an email')}</LongText>
            </Status>
            <Box padding={{ left: 'l' }}>
              <What rehearsed={it} />
            </Box>
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}

/** `1 of 12 people would be refused, 2 would lose access`. */
function Counts({ people, refused, gaining, losing, unknown, more, told }: Rehearsal) {
  const all = `${formatNumber(people)}${more ? ' or more' : ''} ${people === 1 ? 'person' : 'people'}`;
  const [first, ...others] = [[refused, 'would be refused'] as const, [losing, 'would lose access'] as const, [gaining, 'would gain access'] as const, [unknown, 'cannot be told'] as const].filter(([count]) => count > 0);
  const further = told.length >= 30 ? 'The first thirty for whom something would change:' : 'For these something would change:';
  if (first === undefined) {
    return (
      <Alert type="success" header={`None of ${all} would be refused, gain or lose access`}>
        {told.length > 0 && further}
      </Alert>
    );
  }
  const header = [`${formatNumber(first[0])} of ${all} ${first[1]}`, ...others.map(([count, what]) => `${formatNumber(count)} ${what}`)].join(', ');
  return (
    <Alert type={refused + losing + unknown > 0 ? 'warning' : 'info'} header={header}>
      {unknown > 0 && <div>Nothing can be told where claims are too large to be kept, or where metadata has another address, which is asked once it is saved.</div>}
      {told.length > 0 && further}
    </Alert>
  );
}

function What({ rehearsed: { problem, failure, outcome } }: { rehearsed: Rehearsed }) {
  if (problem != null) return <div className="anywhere">Would be refused: {failure} ({problem})</div>;
  return outcome == null ? null : <OutcomeText outcome={outcome} />;
}

function One({ rehearsed }: { rehearsed: Rehearsed }) {
  const { problem, failure, outcome, reading } = rehearsed;
  return (
    <SpaceBetween size="s">
      {problem == null ? (
        <Alert type="success" header="This person would sign in">{outcome != null && <OutcomeText outcome={outcome} />}</Alert>
      ) : (
        <Alert type="error" header={resultOf({ problem, isTest: true })}>
          <div className="anywhere">{failure}</div>
          <Box color="text-body-secondary" fontSize="body-s">
            Code: {problem}
          </Box>
        </Alert>
      )}
      <ExpandableSection headerText="What is read of it" variant="footer" defaultExpanded={problem != null}>
        <ReadingText reading={reading} />
      </ExpandableSection>
    </SpaceBetween>
  );
}
