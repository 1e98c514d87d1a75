// A dialog in which there is something to read, and nothing to decide.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal, { type ModalProps } from '@cloudscape-design/components/modal';
import type { ReactNode } from 'react';

interface Props {
  title: ReactNode;
  size?: ModalProps.Size;
  onClose: () => void;
  children: ReactNode;
}

export function ReadingDialog({ title, size = 'medium', onClose, children }: Props) {
  return (
    <Modal
      visible
      size={size}
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
      {children}
    </Modal>
  );
}
