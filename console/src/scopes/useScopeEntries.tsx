// The lines of the tree that scopes are chosen from: what lies below what is open, or what was found by its name.
import Button from '@cloudscape-design/components/button';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { accountQuery, BELOW, type Node } from '../organisation/organisation';
import { SCOPES, useUnseen } from '../organisation/unseen';
import { useTree } from '../organisation/useTree';
import { findScopes, FIRST, keyOf, type Scope, scopeBelow } from './scopes';

export interface ScopeEntry {
  id: string;
  scope: Scope;
  /** What it lies in, where the tree does not show it. */
  path?: string;
  /** Whether the person sees nothing but its name. */
  byNameOnly: boolean;
  opens: boolean;
}

/** What stands in the place of scopes that are not there, or not yet. */
interface Notice {
  id: string;
  scope?: undefined;
  content: ReactNode;
  label: string;
}

export type Entry = ScopeEntry | Notice;

export function useScopeEntries(search: string) {
  const account = useQuery(accountQuery);
  const unseen = useUnseen(...SCOPES);
  /** What is open once someone opened or closed anything. Before, what would be the only choice is open already. */
  const [chosen, setChosen] = useState<readonly string[]>();
  const found = useInfiniteQuery({
    queryKey: ['scopes', 'found', search],
    queryFn: ({ pageParam, signal }) => findScopes(search, pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: ({ next }) => next,
    enabled: search !== '',
  });
  const top = account.data ? keyOf(account.data) : undefined;
  const first = useTree(top === undefined ? [] : [top]).known;
  const alone = first.length === 1 ? first.map(keyOf) : [];
  const opened = chosen ?? [...(top === undefined ? [] : [top]), ...alone];
  const tree = useTree(opened);

  const below = (entry: Entry): Entry[] => {
    if (entry.scope === undefined || !entry.opens) return [];
    const { id, scope } = entry;
    // It is not seen, and says that there may be something to open.
    if (!opened.includes(id)) return [notice(`${id} closed`, '')];
    const entries: Entry[] = tree.below(scope).map((node) => entryOf(node, scope));
    const status = tree.status(scope);
    if (status === 'error') {
      const again = <FailureAlert error={tree.error(scope)} retry={() => tree.again(scope)} />;
      return [...entries, { id: `${id} rest`, content: again, label: `The contents of ${scope.name} cannot be shown` }];
    }
    if (status === 'loading' && entries.length === 0) return [notice(`${id} rest`, 'Loading')];
    if (status === 'finished') return entries.length > 0 ? entries : [notice(`${id} rest`, `No ${BELOW[scope.type] ?? 'scope'}s${unseen}`)];
    return [...entries, more(`${id} rest`, `Show more of ${scope.name}`, status === 'loading', () => tree.more(scope))];
  };

  const entries = (): Entry[] => {
    if (search === '') {
      if (account.error) return [failed(account.error, () => void account.refetch())];
      if (!account.data) return [notice('none', account.isPending ? 'Loading' : 'No scopes you can see')];
      return [entryOf(account.data, undefined)];
    }
    if (found.error) return [failed(found.error, () => void found.refetch())];
    if (found.data === undefined) return [notice('none', 'Searching')];
    const scopes = found.data.pages.flatMap(({ scopes }) => scopes);
    if (scopes.length === 0) return [notice('none', `No scopes${unseen} have this name`)];
    const entries: Entry[] = scopes.map((scope) => ({ id: keyOf(scope), scope, byNameOnly: false, opens: false, ...(scope.path === '' ? {} : { path: scope.path }) }));
    return found.hasNextPage ? [...entries, more('rest', 'Show more', found.isFetchingNextPage, () => void found.fetchNextPage())] : entries;
  };
  const open = (id: string, isOpen: boolean) => setChosen(isOpen ? [...opened, id] : opened.filter((other) => other !== id));
  return { entries: entries(), opened, open, below };
}

function entryOf(node: Node, above: Scope | undefined): ScopeEntry {
  return { id: keyOf(node), scope: scopeBelow(node, above), byNameOnly: node.byNameOnly, opens: BELOW[node.type] !== undefined };
}

function notice(id: string, text: string): Notice {
  return { id, content: text, label: text };
}

function failed(error: Error, retry: () => void): Notice {
  return { id: 'failed', content: <FailureAlert error={error} retry={retry} />, label: 'The scopes cannot be shown' };
}

function more(id: string, text: string, loading: boolean, onMore: () => void): Notice {
  const button = (
    <Button variant="inline-link" iconName="add-plus" formAction="none" loading={loading} onClick={onMore}>
      {text}
    </Button>
  );
  return { id, content: button, label: text };
}
