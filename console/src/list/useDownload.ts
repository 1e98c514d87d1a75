// Starts the download of a file of the server.
import { useRef } from 'react';
import { asFailure } from '../api/failure';
import { notify } from '../notices/notices';

/** Downloads the file at an address. While one is under way another does not begin. */
export function useDownload(what: string): (address: string) => void {
  const running = useRef(false);
  return (address) => {
    if (running.current) return;
    running.current = true;
    void import('./downloading')
      .then(({ download }) => download(what, address))
      .catch((error: unknown) => notify({ type: 'error', header: 'Nothing was downloaded', content: asFailure(error).message }))
      .finally(() => {
        running.current = false;
      });
  };
}
