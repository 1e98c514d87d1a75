// The tree, opened where someone opened it, and read page by page.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { FailureAlert } from '../api/FailureAlert';
import { formatNumber } from '../format';
import { SearchBox } from '../list/SearchBox';
import { LongText } from '../look/LongText';
import { AT_ONCE, BELOW, keyOf, type Node, searchQuery } from './organisation';
import { SCOPES, useUnseen } from './unseen';
import { useTree } from './useTree';
import { scopeWord } from './words';

interface Props {
  account: Node;
  /** Nothing while it is not known, or where the address leads nowhere. */
  selected: Node | undefined;
  /** The keys of those that are open. */
  opened: readonly string[];
  onOpen: (opened: readonly string[]) => void;
  search: string;
  onSearch: (search: string) => void;
  onSelect: (key: string) => void;
}

export function ScopeTree({ account, selected, opened, onOpen, search, onSearch, onSelect }: Props) {
  const tree = useTree(opened);
  const found = useQuery({ ...searchQuery(search), enabled: search !== '' });
  const unseen = useUnseen(...SCOPES);
  const searching = search !== '';
  const items = searching ? (found.data?.nodes ?? []) : [account];
  return (
    <Table<Node>
      items={items}
      trackBy={keyOf}
      loading={searching && found.isPending}
      loadingText="Searching"
      wrapLines
      columnDefinitions={[
        { id: 'name', header: 'Name', cell: (node) => <Name node={node} onSelect={onSelect} />, isRowHeader: true },
      ]}
      selectionType="single"
      selectedItems={selected === undefined ? [] : [selected]}
      onSelectionChange={({ detail: { selectedItems } }) => selectedItems[0] && onSelect(keyOf(selectedItems[0]))}
      {...(searching
        ? {}
        : {
            expandableRows: {
              getItemChildren: (node: Node) => tree.below(node),
              isItemExpandable: ({ type }: Node) => BELOW[type] !== undefined,
              expandedItems: [account, ...tree.known].filter((node) => opened.includes(keyOf(node))),
              onExpandableItemToggle: ({ detail: { item, expanded } }: { detail: { item: Node; expanded: boolean } }) => {
                const key = keyOf(item);
                onOpen(expanded ? [...opened, key] : opened.filter((other) => other !== key));
              },
            },
            getLoadingStatus: (node: Node | null) => (node === null ? 'finished' : tree.status(node)),
            renderLoaderPending: ({ item }: TableProps.RenderLoaderDetail<Node>) =>
              item && (
                <Button variant="inline-link" iconName="add-plus" onClick={() => tree.more(item)}>
                  Show more of {item.name}
                </Button>
              ),
            renderLoaderLoading: () => 'Loading',
            renderLoaderError: ({ item }: TableProps.RenderLoaderDetail<Node>) =>
              item && <FailureAlert error={tree.error(item)} retry={() => tree.again(item)} />,
            renderLoaderEmpty: ({ item }: TableProps.RenderLoaderEmptyDetail<Node>) => (
              <Box color="text-body-secondary">No {BELOW[item.type] ?? 'scope'}s{unseen}.</Box>
            ),
          })}
      header={<Header variant="h2">Scopes</Header>}
      filter={<SearchBox label="Search by name" search={search} onChange={onSearch} />}
      footer={
        searching && found.data?.more === true ? (
          <Box color="text-body-secondary">The first {formatNumber(AT_ONCE)} of each type are shown. Type more to narrow the search.</Box>
        ) : undefined
      }
      empty={
        found.error ? (
          <FailureAlert error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Box color="text-body-secondary">No scopes{unseen} have this name.</Box>
        )
      }
      ariaLabels={{
        tableLabel: 'Scopes',
        selectionGroupLabel: 'The scope that is shown',
        itemSelectionLabel: (_, { name }) => `Show ${name}`,
        expandButtonLabel: ({ name }) => `Open ${name}`,
        collapseButtonLabel: ({ name }) => `Close ${name}`,
      }}
    />
  );
}

function Name({ node, onSelect }: { node: Node; onSelect: (key: string) => void }) {
  const key = keyOf(node);
  return (
    <span>
      <Link
        href={`?${new URLSearchParams({ scope: key }).toString()}`}
        onFollow={(event) => {
          event.preventDefault();
          onSelect(key);
        }}
      >
        <LongText>{node.name}</LongText>
      </Link>{' '}
      <Box variant="span" color="text-body-secondary" fontSize="body-s">
        {scopeWord(node.type)}
        {node.byNameOnly && ', name only'}
      </Box>
    </span>
  );
}
