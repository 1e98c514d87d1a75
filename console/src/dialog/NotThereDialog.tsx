// What an address names is not there, or cannot be read: there is nothing to do with it.
import { FailureAlert } from '../api/FailureAlert';
import { ReadingDialog } from './ReadingDialog';

export function NotThereDialog({ title, error, onClose }: { title: string; error: Error; onClose: () => void }) {
  return (
    <ReadingDialog title={title} onClose={onClose}>
      <FailureAlert error={error} />
    </ReadingDialog>
  );
}
