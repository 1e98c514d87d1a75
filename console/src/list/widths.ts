// How wide the columns of a list begin: what they need, and what is left over goes to those that can use it.
import { useLayoutEffect, useRef, useState } from 'react';

export interface Wide {
  id: string;
  /** In pixels: what usual values need. */
  width: number;
  /** Its share of what is left over. */
  grow?: number;
}

export function fit(columns: readonly Wide[], room: number): ReadonlyMap<string, number> {
  const rest = Math.max(0, room - columns.reduce((sum, { width }) => sum + width, 0));
  const shares = columns.reduce((sum, { grow = 0 }) => sum + grow, 0);
  return new Map(columns.map(({ id, width, grow = 0 }) => [id, width + (shares === 0 ? 0 : Math.floor((rest * grow) / shares))]));
}

/** The room beside the first column below which only that one stays while the others scroll. */
export const NARROW = 600;
const SCROLLING = 150;

/** On a narrow page the column that names the rows comes first, and leaves room for the others to scroll. */
export function fitNarrow(columns: readonly Wide[], room: number, first: string | undefined): ReadonlyMap<string, number> {
  return new Map(columns.map(({ id, width }) => [id, id === first ? Math.min(width, Math.max(LEAST, room - SCROLLING)) : width]));
}

/** A narrower column cannot be read. */
export const LEAST = 64;

/** The width that an element has when it is first drawn, beside the page's scrollbar; nothing before. */
export function useFirstWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const { current } = place;
    if (current !== null) setWidth((known) => known ?? current.clientWidth - scrollbarToCome());
  }, []);
  return [place, width] as const;
}

/** The page scrolls as soon as the rows are there, and a scrollbar may take room then. */
function scrollbarToCome(): number {
  const isThere = window.innerWidth > document.documentElement.clientWidth;
  if (isThere) return 0;
  const box = document.createElement('div');
  box.style.overflow = 'scroll';
  document.body.append(box);
  const width = box.offsetWidth - box.clientWidth;
  box.remove();
  return width;
}
