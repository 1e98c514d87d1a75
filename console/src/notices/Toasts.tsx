// The notices, over the page and not in it: nothing moves when one comes or goes. What succeeded leaves by itself after a
// while, unless it is being read; what went wrong stays until it is closed.
import Flashbar from '@cloudscape-design/components/flashbar';
import { type ReactNode, useEffect, useState } from 'react';
import { LongText } from '../look/LongText';
import { dismiss, type Notice, useNotices } from './notices';

/** In milliseconds. */
const SHOWN_FOR = 5_000;

export default function Toasts() {
  const notices = useNotices();
  /** The pointer or the focus is here. */
  const [isRead, setRead] = useState(false);
  const leaving = isRead ? '' : notices.flatMap(({ id, type }) => (type === 'success' && id !== undefined ? [id] : [])).join(' ');
  const isEmpty = notices.length === 0;
  // What is taken away from under the pointer tells nobody that it left.
  if (isEmpty && isRead) setRead(false);
  return (
    <section
      className="toasts"
      aria-label="Notices"
      // Not when it only appears below a pointer that rests.
      onPointerMove={({ movementX, movementY }) => (movementX !== 0 || movementY !== 0) && setRead(true)}
      onPointerLeave={() => setRead(false)}
      onFocus={() => setRead(true)}
      onBlur={() => setRead(false)}
    >
      <Flashbar items={notices.map(legibly)} />
      {leaving.split(' ').map((id) => id !== '' && <Leaving key={id} id={id} />)}
    </section>
  );
}

/** Names break where their parts meet. */
function legibly({ header, content, ...notice }: Notice): Notice {
  const broken = (text: ReactNode) => (typeof text === 'string' ? <LongText>{text}</LongText> : text);
  return { ...notice, header: broken(header), content: broken(content) };
}

/** Closes the notice of that id in a while; what takes its place meanwhile begins anew. */
function Leaving({ id }: { id: string }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [id]);
  return null;
}
