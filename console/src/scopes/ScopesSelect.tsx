// Choosing scopes, by name: they are searched for on the server and loaded as one scrolls.
import Multiselect, { type MultiselectProps } from '@cloudscape-design/components/multiselect';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/failure';
import { SCOPE_TYPES } from '../rules/rules';
import { FIRST, keyOf, readScopes, type Scope } from './scopes';

interface Props {
  scopes: readonly Scope[];
  onChange: (scopes: Scope[]) => void;
}

export function ScopesSelect({ scopes, onChange }: Props) {
  const [text, setText] = useState<string>();
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['scopes', text],
    queryFn: ({ pageParam, signal }) => readScopes(text ?? '', pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next,
    enabled: text !== undefined,
  });
  const found = data?.pages.flatMap((page) => page.scopes) ?? [];
  const load = ({ filteringText, samePage }: MultiselectProps.LoadItemsDetail) => {
    if (filteringText !== text) setText(filteringText);
    else if (error) void refetch();
    else if (!samePage && hasNextPage && !isFetching) void fetchNextPage();
  };
  const choose = (chosen: readonly MultiselectProps.Option[]) => {
    const known = [...scopes, ...found];
    onChange(chosen.flatMap(({ value }) => known.find((scope) => keyOf(scope) === value) ?? []));
  };
  return (
    <Multiselect
      selectedOptions={scopes.map(option)}
      options={found.map(option)}
      onChange={({ detail }) => choose(detail.selectedOptions)}
      filteringType="manual"
      filteringPlaceholder="Search by name"
      filteringAriaLabel="Search scopes by name"
      onLoadItems={({ detail }) => load(detail)}
      statusType={error ? 'error' : isFetching ? 'loading' : hasNextPage ? 'pending' : 'finished'}
      loadingText="Loading scopes"
      errorText={error ? asFailure(error).message : ''}
      recoveryText="Try again"
      empty="No scope matches."
      placeholder="Choose where"
      expandToViewport
      deselectAriaLabel={({ label }) => `Take ${label ?? ''} away`}
    />
  );
}

function option(scope: Scope): MultiselectProps.Option {
  const labelTag = SCOPE_TYPES.find(({ value }) => value === scope.type)?.label ?? scope.type;
  return { value: keyOf(scope), label: scope.name, labelTag, ...(scope.path === '' ? {} : { description: scope.path }) };
}
