// Where: one scope, searched for by name on the server and loaded as one scrolls.
import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/failure';
import { placeQuery } from '../organisation/organisation';
import { SCOPE_TYPES } from '../rules/rules';
import { FIRST, keyOf, readScopes, type Scope } from '../scopes/scopes';

interface Props {
  scope: string | undefined;
  onChange: (scope: string | undefined) => void;
}

export function ScopeField({ scope, onChange }: Props) {
  const [text, setText] = useState<string>();
  const name = useScopeName(scope);
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['scopes', text],
    queryFn: ({ pageParam, signal }) => readScopes(text ?? '', pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next,
    enabled: text !== undefined,
  });
  const load = ({ filteringText, samePage }: SelectProps.LoadItemsDetail) => {
    if (filteringText !== text) setText(filteringText);
    else if (error) void refetch();
    else if (!samePage && hasNextPage && !isFetching) void fetchNextPage();
  };
  return (
    <FormField label="In">
      <Select
        selectedOption={scope === undefined ? null : { value: scope, label: name }}
        options={data?.pages.flatMap((page) => page.scopes.map(option)) ?? []}
        onChange={({ detail }) => onChange(detail.selectedOption.value)}
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
      />
    </FormField>
  );
}

function option(scope: Scope): SelectProps.Option {
  const labelTag = SCOPE_TYPES.find(({ value }) => value === scope.type)?.label ?? scope.type;
  return { value: keyOf(scope), label: scope.name, labelTag, ...(scope.path === '' ? {} : { description: scope.path }) };
}

/** The name of the scope of that key; the key itself while it is not known, or not for this person to see. */
export function useScopeName(key: string | undefined): string {
  const { data } = useQuery({ ...placeQuery(key), enabled: key !== undefined });
  return data?.node.name ?? key ?? '';
}
