// Whom a question is about: a type and a name. Names that the person may see are suggested; any other can be typed.
import Autosuggest from '@cloudscape-design/components/autosuggest';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useMay } from '../permissions/permissions';
import { legible, readable } from '../readable';
import { SUBJECT_TYPES } from '../rules/rules';
import type { Subject, SubjectType } from './question';
import { suggestionsQuery } from './suggestions';

const NAMES: Readonly<Record<SubjectType, string>> = { user: 'Email', group: 'Group', 'service-account': 'Client ID' };

interface Props {
  subject: Subject | undefined;
  onChange: (subject: Subject | undefined) => void;
}

/** The name counts when it is chosen, or typed to its end. */
export function SubjectField({ subject, onChange }: Props) {
  /** A type for which there is no name yet. */
  const [chosen, setChosen] = useState<SubjectType>();
  const type = chosen ?? subject?.type ?? 'user';
  const [typed, setTyped] = useState<string>();
  const name = typed ?? (subject?.type === type ? subject.id : '');
  // What counts last: choosing a name also ends typing it.
  const counted = useRef<string>(undefined);
  const suggestions = useQuery({ ...suggestionsQuery(type, name, useMay()), enabled: typed !== undefined, placeholderData: keepPreviousData });
  // What was found for a shorter text is shown until the rest is there, without what does not match any more.
  const names = suggestions.data?.filter((value) => legible(value).toLowerCase().includes(name.trim().toLowerCase())) ?? [];
  const become = (name: string) => {
    const id = name.trim();
    setTyped(undefined);
    if (counted.current === id || (chosen !== undefined && id === '')) return;
    counted.current = id;
    setChosen(undefined);
    if (subject?.type !== type || subject.id !== id) onChange(id === '' ? undefined : { type, id });
  };
  return (
    <ColumnLayout columns={2}>
      <FormField label="Subject type">
        <Select
          selectedOption={SUBJECT_TYPES.find(({ value }) => value === type) ?? SUBJECT_TYPES[0]}
          options={SUBJECT_TYPES}
          onChange={({ detail }) => {
            setChosen(SUBJECT_TYPES.find(({ value }) => value === detail.selectedOption.value)?.value);
            setTyped(undefined);
            onChange(undefined);
          }}
        />
      </FormField>
      <FormField label={NAMES[type]} constraintText={readable(name)}>
        <Autosuggest
          value={name}
          options={names.map((value) => ({ value, label: legible(value) }))}
          filteringType="manual"
          enteredTextLabel={(value) => `Ask about “${value}”`}
          placeholder={type === 'user' ? 'ana@example.com' : ''}
          statusType={suggestions.isFetching ? 'loading' : 'finished'}
          loadingText="Loading"
          onFocus={() => {
            counted.current = undefined;
            setTyped(name);
          }}
          onChange={({ detail }) => {
            counted.current = undefined;
            setTyped(detail.value);
          }}
          onSelect={({ detail }) => become(detail.value)}
          // After a choice was made by this very key, there is nothing left to count.
          onKeyDown={({ detail }) => detail.key === 'Enter' && counted.current === undefined && become(name)}
          onBlur={() => counted.current === undefined && become(name)}
        />
      </FormField>
    </ColumnLayout>
  );
}
