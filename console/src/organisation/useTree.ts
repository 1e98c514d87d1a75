// What lies below those that are open, read page by page.
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { belowQuery, keyOf, type Node, partsOf } from './organisation';

type Which = Pick<Node, 'type' | 'id'>;

/** What lies below those of these keys, as far as it was read. */
export function useTree(opened: readonly string[]) {
  const [pages, setPages] = useState<Readonly<Record<string, number>>>({});
  const asked = opened.flatMap((key) => {
    const node = partsOf(key);
    return node === undefined ? [] : Array.from({ length: pages[key] ?? 1 }, (_, page) => ({ key, node, page }));
  });
  const answers = useQueries({ queries: asked.map(({ node, page }) => belowQuery(node, page)) });
  const of = (node: Which) => answers.filter((_, index) => asked[index]?.key === keyOf(node));
  return {
    known: answers.flatMap(({ data }) => data?.nodes ?? []),
    below: (node: Which) => of(node).flatMap(({ data }) => data?.nodes ?? []),
    /** `pending`: there are further ones that nobody has asked for. */
    status: (node: Which): 'error' | 'loading' | 'pending' | 'finished' => {
      const answers = of(node);
      if (answers.some(({ error }) => error)) return 'error';
      if (answers.some(({ isPending }) => isPending)) return 'loading';
      return answers.at(-1)?.data?.more === true ? 'pending' : 'finished';
    },
    error: (node: Which) => of(node).find(({ error }) => error)?.error,
    again: (node: Which) => of(node).forEach(({ error, refetch }) => void (error && refetch())),
    more: (node: Which) => setPages((now) => ({ ...now, [keyOf(node)]: (now[keyOf(node)] ?? 1) + 1 })),
  };
}
