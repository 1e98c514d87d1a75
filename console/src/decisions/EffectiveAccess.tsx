// All that a subject can do: the tree of the scopes where it changes, and the permissions in the selected one.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { formatNumber } from '../format';
import { Follow } from '../look/Follow';
import { LongText } from '../look/LongText';
import { isNoScope, keyOf, placeQuery } from '../organisation/organisation';
import { useUnseen } from '../organisation/unseen';
import { scopeWord } from '../organisation/words';
import { PermissionTable } from '../permissions/PermissionTable';
import { effectiveQuery } from './decisions';
import { type Branch, countIn, flat, matching, nearest, treeOf } from './effective';
import type { Subject } from './question';
import { nameOf } from './words';

const DESCRIPTION = 'Scopes with more permissions than the scopes above them. All others are the same as the nearest scope above.';

interface Props {
  subject: Subject;
  isReader: boolean;
  /** The scope that is looked at; the first where something is permitted when there is none. */
  scope: string | undefined;
  onScope: (scope: string) => void;
  search: string;
  onSearch: (search: string) => void;
}

export function EffectiveAccess({ subject, isReader, scope, onScope, search, onSearch }: Props) {
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(effectiveQuery(subject));
  const place = useQuery({ ...placeQuery(scope), enabled: scope !== undefined });
  const [closed, setClosed] = useState<readonly string[]>([]);

  // One's own is shown whole, and so is that of others to who may see all access rules.
  const isPartial = useUnseen('access_rules') !== '' && !isReader;
  const tree = treeOf(data?.pages.flatMap(({ scopes }) => scopes) ?? []);
  const shown = matching(tree, search);
  const here = scope === undefined ? flat(tree).find(({ changes }) => changes) : nearest(tree, [scope, ...(place.data?.above.map(keyOf) ?? [])]);
  // What is asked for may come on a later page.
  const isThere = scope === undefined || flat(tree).some(({ key, changes }) => key === scope && changes);
  useEffect(() => {
    if (!isThere && hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  });

  if (error) return <FailureAlert header={`What ${nameOf({ subject, isReader }).replace(/^You$/, 'you')} can do cannot be shown`} error={error} retry={() => void refetch()} />;
  const isSearched = !isThere && (hasNextPage || place.isPending);
  const name = scope === undefined || here?.key === scope ? (here?.name ?? '') : (place.data?.node.name ?? '');
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, m: 5 } }, { colspan: { default: 12, m: 7 } }]}>
      <Table<Branch>
        items={shown}
        trackBy="key"
        loading={isPending}
        loadingText="Loading scopes"
        wrapLines
        columnDefinitions={[
          { id: 'name', header: 'Scope', cell: ({ name }) => <LongText>{name}</LongText>, isRowHeader: true },
          { id: 'type', header: 'Type', width: 120, cell: ({ type }) => scopeWord(type) },
          { id: 'entities', header: 'Entities', width: 130, cell: (branch) => (isPartial && branch.permissions.length === 0 ? 'None you can see' : formatNumber(countIn(branch, search))) },
        ]}
        selectionType="single"
        selectedItems={here === undefined ? [] : [here]}
        onSelectionChange={({ detail: { selectedItems } }) => selectedItems[0] && onScope(selectedItems[0].key)}
        onRowClick={({ detail }) => onScope(detail.item.key)}
        expandableRows={{
          getItemChildren: ({ below }) => below,
          isItemExpandable: ({ below }) => below.length > 0,
          expandedItems: flat(shown).filter(({ key }) => !closed.includes(key)),
          onExpandableItemToggle: ({ detail: { item, expanded } }) => setClosed(expanded ? closed.filter((key) => key !== item.key) : [...closed, item.key]),
        }}
        header={
          <Header variant="h2" description={!isPartial ? DESCRIPTION : `${DESCRIPTION} Only scopes where you may read access rules are shown.`}>
            Where
          </Header>
        }
        footer={
          hasNextPage && (
            <Button variant="inline-link" iconName="add-plus" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more scopes
            </Button>
          )
        }
        empty={<Box color="text-body-secondary">{search === '' ? (isPartial ? 'None you can see.' : 'None.') : isPartial ? 'No permissions you can see match.' : 'No permissions match.'}</Box>}
        ariaLabels={{
          tableLabel: 'Where',
          selectionGroupLabel: 'The scope that is shown',
          itemSelectionLabel: (_, { name }) => `Show ${name}`,
          expandButtonLabel: ({ name }) => `Open ${name}`,
          collapseButtonLabel: ({ name }) => `Close ${name}`,
        }}
      />
      {!isSearched && here === undefined && isNoScope(place.error) ? (
        <Alert type="warning">{place.error.message} Select a scope to see what {nameOf({ subject, isReader }).replace(/^You$/, 'you')} can do there.</Alert>
      ) : (
        <Follow of={here?.key}>
          <PermissionTable
            title={`What ${nameOf({ subject, isReader }).replace(/^You$/, 'you')} can do`}
            description={description(name, here?.from)}
            permissions={isPending || isSearched ? undefined : (here?.permissions ?? [])}
            isPartial={isPartial}
            search={search}
            onSearch={onSearch}
          />
        </Follow>
      )}
    </Grid>
  );
}

/** The name of the scope, and of the one that makes it so where that is another. */
function description(name: string, from: string | undefined): string {
  if (name === '') return 'In no scope.';
  return from === undefined || from === name ? `In ${name}.` : `In ${name}, the same as in ${from}.`;
}
