// Downloads a file of the server, with its progress among the notices, where it can be cancelled. Loaded when someone downloads one.
//
// It is fetched rather than left to the browser, which would not say why the server refuses, and could take a part for the whole.
import Button from '@cloudscape-design/components/button';
import { asFailure, Failure } from '../api/failure';
import { formatNumber } from '../format';
import { dismiss, notify } from '../notices/notices';

const MEGABYTE = 1_000_000;

/** `what` is in the file, in words that continue a sentence: `users`. */
export async function download(what: string, address: string) {
  const id = `download-${what}`;
  const cancel = new AbortController();
  const show = (bytes: number) =>
    notify({
      id,
      type: 'in-progress',
      loading: true,
      dismissible: false,
      content: `Downloading ${what}${bytes < MEGABYTE ? '' : `: ${formatNumber(Math.floor(bytes / MEGABYTE))} MB so far`}.`,
      action: <Button onClick={() => cancel.abort()}>Cancel</Button>,
    });
  show(0);
  try {
    const { name, content } = await fetched(address, cancel.signal, show);
    save(name, content);
    notify({ id, type: 'success', content: `Downloaded ${name}.` });
  } catch (error) {
    if (cancel.signal.aborted) {
      dismiss(id);
    } else {
      const { message, requestId } = asFailure(error);
      notify({ id, type: 'error', header: 'The download failed', content: requestId ? `${message} Request ${requestId}` : message });
    }
  }
}

async function fetched(address: string, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<{ name: string; content: Blob }> {
  const response = await fetch(address, { signal }).catch(unreachable);
  if (!response.ok || response.body === null) throw Failure.of(response, await response.json().catch(() => undefined));
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    // An answer that breaks off is not the whole.
    const { done, value } = await reader.read().catch(unreachable);
    if (done) break;
    parts.push(value);
    const before = Math.floor(bytes / MEGABYTE);
    bytes += value.byteLength;
    if (Math.floor(bytes / MEGABYTE) > before) onProgress(bytes);
  }
  const [, name = 'rolecall.csv'] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return { name, content: new Blob(parts, { type: 'text/csv;charset=utf-8' }) };
}

function unreachable(): never {
  throw Failure.unreachable();
}

function save(name: string, content: Blob) {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser begins to read it after this.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
