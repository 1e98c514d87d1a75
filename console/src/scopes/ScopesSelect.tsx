// Choosing scopes, by name.
import Multiselect, { type MultiselectProps } from '@cloudscape-design/components/multiselect';
import { keyOf, type Scope } from './scopes';
import { optionOf, useScopeSearch } from './useScopeSearch';

interface Props {
  scopes: readonly Scope[];
  onChange: (scopes: Scope[]) => void;
}

export function ScopesSelect({ scopes, onChange }: Props) {
  const { found, search } = useScopeSearch();
  const choose = (chosen: readonly MultiselectProps.Option[]) => {
    const known = [...scopes, ...found];
    onChange(chosen.flatMap(({ value }) => known.find((scope) => keyOf(scope) === value) ?? []));
  };
  return (
    <Multiselect
      {...search}
      selectedOptions={scopes.map(optionOf)}
      onChange={({ detail }) => choose(detail.selectedOptions)}
      deselectAriaLabel={({ label }) => `Take ${label ?? ''} away`}
    />
  );
}
