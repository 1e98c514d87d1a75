// Finds subjects by a part of the name. What is chosen is added; names that are not found are typed elsewhere.
import Autosuggest from '@cloudscape-design/components/autosuggest';
import FormField from '@cloudscape-design/components/form-field';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { queryClient } from '../api/queries';
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
  /** What is asked for: nothing before someone comes here, and what is typed once the typing pauses. */
  const [asked, setAsked] = useState<string>();
  const [problem, setProblem] = useState<string>();
  /** What stands in the field by now, when an answer comes later. */
  const latest = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const may = useMay();
  const unseen = useUnseen(LISTED[type]);
  const { data = [], isFetching } = useQuery({ ...suggestionsQuery(type, asked ?? '', may), enabled: asked !== undefined, placeholderData: keepPreviousData });

  const follow = (text: string) => {
    setTyped(text);
    latest.current = text;
    setProblem(undefined);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAsked(text), PAUSE);
  };
  const ask = (text: string) => {
    clearTimeout(timer.current);
    setAsked(text);
  };
  const choose = (name: string) => {
    setTyped('');
    latest.current = '';
    ask('');
    onFound(name);
  };
  const enter = async (text: string) => {
    if (text.trim() === '') return;
    ask(text);
    const { name, problem } = await queryClient.query(suggestionsQuery(type, text, may)).then(
      (found) => ({ name: meant(found, text), problem: found.length === 0 ? `None${unseen} match.` : 'Several match. Choose one.' }),
      (error: unknown) => ({ name: undefined, problem: error instanceof Error ? error.message : String(error) }),
    );
    if (latest.current !== text) return;
    if (name === undefined) setProblem(problem);
    else choose(name);
  };
  // What was found for a shorter text is shown until the rest is there, without what does not match any more.
  const names = data.filter((name) => legible(name).toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <FormField label={label} errorText={problem}>
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
        // What was typed is no name: it may be a part of one.
        onSelect={({ detail: { value, selectedOption } }) => (selectedOption?.value === undefined ? void enter(value) : choose(selectedOption.value))}
      />
    </FormField>
  );
}

/** The only name that was found, or the one that was typed whole. */
export function meant(names: readonly string[], typed: string): string | undefined {
  const whole = typed.trim().toLowerCase();
  return names.length === 1 ? names[0] : names.find((name) => legible(name).toLowerCase() === whole);
}
