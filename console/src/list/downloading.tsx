// Downloading a list, with its progress among the notices, where it can be cancelled. Loaded when someone downloads one.
import Button from '@cloudscape-design/components/button';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import { asFailure } from '../api/failure';
import { formatCount, formatNumber } from '../format';
import { dismiss, notify } from '../notices/notices';
import type { ListAddress } from './address';
import { csvOf, exportAddress, readAll, saveFile, saveFrom } from './download';
import type { Column, ListSource } from './source';
import { queryOf } from './useListRows';

/** Another name than that of the server's file of all rows. */
export function fileOf({ noun, exportedAt }: Pick<ListSource<never>, 'noun' | 'exportedAt'>): string {
  return `${noun.replaceAll(' ', '-')}${exportedAt === undefined ? '' : '-shown'}.csv`;
}

export async function download<Row>(source: ListSource<Row>, address: ListAddress, columns: readonly Column<Row>[]) {
  const id = `download-${source.name}`;
  const cancel = new AbortController();
  const show = (done: number, total: number) =>
    notify({
      id,
      type: 'in-progress',
      loading: true,
      dismissible: false,
      content: <ProgressBar variant="flash" label={`Downloading ${source.noun}`} value={(100 * done) / Math.max(total, 1)} />,
      action: <Button onClick={() => cancel.abort()}>Cancel</Button>,
    });
  show(0, 1);
  const query = queryOf(source, address);
  try {
    const { rows, total } = await readAll(source, query, cancel.signal, ({ done, total }) => show(done, total));
    saveFile(fileOf(source), csvOf(columns, rows));
    const all = rows.length >= total;
    const content = all
      ? `Downloaded ${formatCount(rows.length, source.noun)}.`
      : `Downloaded the first ${formatNumber(rows.length)} of ${formatNumber(total)} ${source.noun}. ${source.exportedAt === undefined ? 'Filter the list to get the others.' : 'The server makes one file of all.'}`;
    const whole = all || source.exportedAt === undefined ? undefined : exportAddress(source.exportedAt, query, columns);
    notify({
      id,
      type: all ? 'success' : 'warning',
      content,
      ...(whole === undefined ? {} : { action: <Button onClick={() => saveFrom(whole)}>Download all {formatNumber(total)}</Button> }),
    });
  } catch (error) {
    if (cancel.signal.aborted) {
      dismiss(id);
    } else {
      const { message, requestId } = asFailure(error);
      notify({ id, type: 'error', header: 'The download failed', content: requestId ? `${message} Request ${requestId}` : message });
    }
  }
}
