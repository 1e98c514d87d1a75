// Those who may do something, as a file: all of them, however many, read from one end to the other.
import Button from '@cloudscape-design/components/button';
import { asFailure } from '../api/failure';
import { formatCount, formatNumber } from '../format';
import { csvOf, saveFile } from '../list/download';
import type { Column } from '../list/source';
import { dismiss, notify } from '../notices/notices';
import { type Holder, readAllHolders, type WhoCan } from './decisions';

const ID = 'download-who-can';

export async function downloadHolders(question: WhoCan, columns: readonly Column<Holder>[]) {
  const cancel = new AbortController();
  const show = (done: number) =>
    notify({
      id: ID,
      type: 'in-progress',
      loading: true,
      dismissible: false,
      content: `Downloading: ${formatNumber(done)} so far.`,
      action: <Button onClick={() => cancel.abort()}>Cancel</Button>,
    });
  show(0);
  try {
    const holders = await readAllHolders(question, cancel.signal, show);
    saveFile('who-can.csv', csvOf(columns, holders));
    notify({ id: ID, type: 'success', content: `Downloaded ${formatCount(holders.length, 'rows')}.` });
  } catch (error) {
    if (cancel.signal.aborted) {
      dismiss(ID);
    } else {
      const { message, requestId } = asFailure(error);
      notify({ id: ID, type: 'error', header: 'The download failed', content: requestId ? `${message} Request ${requestId}` : message });
    }
  }
}
