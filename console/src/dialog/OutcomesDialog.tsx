// The result of each of several things that were done at once. It is held until it is closed.
import Box from '@cloudscape-design/components/box';
import { hold } from './held';
import { LongText } from '../look/LongText';
import { Status } from '../look/Status';
import { lineOf, type Outcome, titleOf } from './outcome';
import { ReadingDialog } from './ReadingDialog';

/** `noun` is what each is, in the singular, and `done` what was done with it: `user`, `deleted`. */
export function showOutcomes(noun: string, done: string, outcomes: readonly Outcome[]) {
  hold((close) => <OutcomesDialog noun={noun} done={done} outcomes={outcomes} onClose={close} />);
}

interface Props {
  noun: string;
  done: string;
  outcomes: readonly Outcome[];
  onClose: () => void;
}

function OutcomesDialog({ noun, done, outcomes, onClose }: Props) {
  return (
    <ReadingDialog title={titleOf(noun, done, outcomes)} onClose={onClose}>
      <ul className="outcomes">
        {outcomes.map((outcome, index) => (
          <li key={index}>
            <Status type={outcome.problem === undefined ? 'success' : outcome.isUnknown === true ? 'warning' : 'error'}><LongText>{lineOf(done, outcome)}</LongText></Status>
            {outcome.problem !== undefined && <Box padding={{ left: 'l' }}>{outcome.problem}</Box>}
          </li>
        ))}
      </ul>
    </ReadingDialog>
  );
}
