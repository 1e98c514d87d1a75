// Scopes to choose from in a Cloudscape select: searched for by name on the server, and loaded as one scrolls.
import type { SelectProps } from '@cloudscape-design/components/select';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/failure';
import { SCOPE_TYPES } from '../rules/rules';
import { FIRST, keyOf, readScopes, type Scope } from './scopes';

/** The scopes found so far, and all that a select or multiselect has to be told of the search. */
export function useScopeSearch() {
  const [text, setText] = useState<string>();
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['scopes', text],
    queryFn: ({ pageParam, signal }) => readScopes(text ?? '', pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next,
    enabled: text !== undefined,
  });
  const found = data?.pages.flatMap((page) => page.scopes) ?? [];
  const load = ({ filteringText, samePage }: SelectProps.LoadItemsDetail) => {
    if (filteringText !== text) setText(filteringText);
    else if (error) void refetch();
    else if (!samePage && hasNextPage && !isFetching) void fetchNextPage();
  };
  const search = {
    options: found.map(optionOf),
    filteringType: 'manual',
    filteringPlaceholder: 'Search by name',
    filteringAriaLabel: 'Search scopes by name',
    onLoadItems: ({ detail }: { detail: SelectProps.LoadItemsDetail }) => load(detail),
    statusType: error ? 'error' : isFetching ? 'loading' : hasNextPage ? 'pending' : 'finished',
    loadingText: 'Loading scopes',
    errorText: error ? asFailure(error).message : '',
    recoveryText: 'Try again',
    empty: 'No scope matches.',
    placeholder: 'Choose where',
    expandToViewport: true,
  } as const;
  return { found, search };
}

/** A scope as something to choose: its name, its type, and the way to it. */
export function optionOf(scope: Scope): SelectProps.Option {
  const labelTag = SCOPE_TYPES.find(({ value }) => value === scope.type)?.label ?? scope.type;
  return { value: keyOf(scope), label: scope.name, labelTag, ...(scope.path === '' ? {} : { description: scope.path }) };
}
