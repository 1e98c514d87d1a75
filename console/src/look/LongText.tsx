// A name: it breaks where its parts meet, and within a part only when that is longer than any usual one.
import { Fragment } from 'react';

/** In letters. */
const LONGEST_USUAL = 30;

export function LongText({ children }: { children: string }) {
  const parts = children.split(/(?<=[@._/-])/);
  const text = parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
  return parts.some((part) => part.split(' ').some((word) => word.length > LONGEST_USUAL)) ? <span className="anywhere">{text}</span> : text;
}
