// Finds subjects by a part of the name. What is chosen is added; names can be typed without it.
import Autosuggest from '@cloudscape-design/components/autosuggest';
import FormField from '@cloudscape-design/components/form-field';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { SubjectType } from '../decisions/question';
import { suggestionsQuery } from '../decisions/suggestions';
import { useUnseen } from '../organisation/unseen';
import { useMay } from '../permissions/permissions';
import { legible } from '../readable';

const PAUSE = 300;

/** The list that the names come from, as permissions call it. */
const LISTED: Readonly<Record<SubjectType, string>> = { user: 'users', group: 'access_rules', 'service-account': 'service-account' };

interface Props {
  type: SubjectType;
  label: string;
  onFound: (name: string) => void;
}

export function SubjectFinder({ type, label, onFound }: Props) {
  const [typed, setTyped] = useState('');
  /** What is asked for: nothing before somebody comes here, and what is typed once the typing pauses. */
  const [asked, setAsked] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { data = [], isFetching } = useQuery({ ...suggestionsQuery(type, asked ?? '', useMay()), enabled: asked !== undefined, placeholderData: keepPreviousData });

  const follow = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAsked(text), PAUSE);
  };
  const choose = (name: string) => {
    clearTimeout(timer.current);
    setTyped('');
    setAsked('');
    if (name.trim() !== '') onFound(name.trim());
  };
  // What was found for a shorter text is shown until the rest is there, without what does not match any more.
  const unseen = useUnseen(LISTED[type]);
  const names = data.filter((name) => legible(name).toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <FormField label={label}>
      <Autosuggest
        value={typed}
        options={names.map((value) => ({ value, label: legible(value) }))}
        filteringType="manual"
        hideEnteredTextOption
        placeholder="Part of the name"
        statusType={isFetching ? 'loading' : 'finished'}
        loadingText="Searching"
        empty={`None${unseen} match.`}
        expandToViewport
        onFocus={() => asked === undefined && setAsked('')}
        onChange={({ detail }) => follow(detail.value)}
        // Enter chooses, and does not send the form that this stands in.
        onKeyDown={(event) => event.detail.key === 'Enter' && event.preventDefault()}
        onSelect={({ detail }) => choose(detail.value)}
      />
    </FormField>
  );
}
