// Searching while one types: the address follows when the typing pauses.
import TextFilter, { type TextFilterProps } from '@cloudscape-design/components/text-filter';
import { type Ref, useEffect, useRef, useState } from 'react';

const PAUSE = 300;

interface Props {
  /** To give it the focus. */
  box?: Ref<TextFilterProps.Ref>;
  label: string;
  /** What it is called by those who do not see it, where the label is not all. */
  name?: string;
  search: string;
  onChange: (search: string) => void;
}

export function SearchBox({ box, label, name = label, search, onChange }: Props) {
  /** What is typed and not in the address yet. */
  const [typed, setTyped] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setTyped(undefined);
      onChange(text);
    }, PAUSE);
  };
  return (
    <TextFilter
      {...(box === undefined ? {} : { ref: box })}
      filteringText={typed ?? search}
      filteringPlaceholder={label}
      filteringAriaLabel={name}
      filteringClearAriaLabel="Clear the search"
      onChange={({ detail }) => type(detail.filteringText)}
    />
  );
}
