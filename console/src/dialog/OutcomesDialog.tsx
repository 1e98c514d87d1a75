// The result of each of several things that were done at once. It is held until it is closed.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { formatNumber } from '../format';
import { hold } from './held';
import type { Outcome } from './outcome';

export function showOutcomes(outcomes: readonly Outcome[]) {
  hold((close) => <OutcomesDialog outcomes={outcomes} onClose={close} />);
}

function OutcomesDialog({ outcomes, onClose }: { outcomes: readonly Outcome[]; onClose: () => void }) {
  const done = outcomes.filter(({ problem }) => problem === undefined).length;
  return (
    <Modal
      visible
      header="Results"
      closeAriaLabel="Close"
      onDismiss={({ detail }) => detail.reason !== 'overlay' && onClose()}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </Box>
      }
    >
      <p>
        {formatNumber(done)} of {formatNumber(outcomes.length)} done.
      </p>
      <ul className="outcomes">
        {outcomes.map(({ what, problem }, index) => (
          <li key={index}>
            <StatusIndicator type={problem === undefined ? 'success' : 'error'}>
              {what}
              {problem !== undefined && `: ${problem}`}
            </StatusIndicator>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
