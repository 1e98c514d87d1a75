// What an address names is not there, or cannot be read: there is nothing to do with it.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import { FailureAlert } from '../api/FailureAlert';

export function NotThereDialog({ title, error, onClose }: { title: string; error: Error; onClose: () => void }) {
  return (
    <Modal
      visible
      header={title}
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
      <FailureAlert error={error} />
    </Modal>
  );
}
