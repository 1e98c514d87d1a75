// What is chosen in one part of a page and shown in another: where there is no room beside the choice, the page follows to it.
import { type ReactNode, useEffect, useRef } from 'react';

/** `of` is what is shown. Another one comes into view, with the focus, where it stands below the choice. */
export function Follow({ of, children }: { of: string | undefined; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(of);
  useEffect(() => {
    const isOther = before.current !== undefined && of !== undefined && of !== before.current;
    before.current = of ?? before.current;
    if (!isOther || box.current === null || !isBelow(box.current)) return;
    // Room to come up to the top, whatever of it is still read.
    box.current.style.minBlockSize = '100vh';
    box.current.scrollIntoView();
    box.current.focus({ preventScroll: true });
  }, [of]);
  return (
    <div ref={box} tabIndex={-1} className="followed">
      {children}
    </div>
  );
}

/** Whether what stands before it in the grid stands above it. */
function isBelow(box: HTMLElement): boolean {
  let cell: HTMLElement | null = box;
  while (cell !== null && cell.previousElementSibling === null) cell = cell.parentElement;
  const choice = cell?.previousElementSibling;
  return choice != null && choice.getBoundingClientRect().bottom <= box.getBoundingClientRect().top;
}
