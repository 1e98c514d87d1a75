// Starts the download of a list.
import { useRef } from 'react';
import { asFailure } from '../api/failure';
import { notify } from '../notices/notices';
import type { ListAddress } from './address';
import type { Column, ListSource } from './source';

/** Starts a download of what the list shows now. While one is under way another does not begin. */
export function useDownload<Row>(source: ListSource<Row>): (address: ListAddress, columns: readonly Column<Row>[]) => void {
  const running = useRef(false);
  return (address, columns) => {
    if (running.current) return;
    running.current = true;
    void import('./downloading')
      .then(({ download }) => download(source, address, columns))
      .catch((error: unknown) => notify({ type: 'error', header: 'Nothing was downloaded', content: asFailure(error).message }))
      .finally(() => {
        running.current = false;
      });
  };
}
