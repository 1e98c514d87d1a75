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

/** The width that an element has when it is first drawn; nothing before. */
export function useFirstWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    if (place.current !== null) setWidth((known) => known ?? place.current?.clientWidth);
  }, []);
  return [place, width] as const;
}
