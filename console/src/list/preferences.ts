// Which columns a list shows, and in which order: remembered for each list.
import { useState, useSyncExternalStore } from 'react';
import { remembered } from '../remembered';

export interface ColumnChoice {
  id: string;
  visible: boolean;
}

/** What was remembered, with columns that are new since shown at the end and those that are gone left out. */
export function mergeColumns(known: readonly string[], stored: unknown): ColumnChoice[] {
  const choices = Array.isArray(stored) ? stored.filter(isChoice).filter(({ id }) => known.includes(id)) : [];
  const unique = choices.filter((choice, index) => choices.findIndex(({ id }) => id === choice.id) === index);
  const fresh = known.filter((id) => !unique.some((choice) => choice.id === id));
  return [...unique.map(({ id, visible }) => ({ id, visible })), ...fresh.map((id) => ({ id, visible: true }))];
}

function isChoice(value: unknown): value is ColumnChoice {
  if (typeof value !== 'object' || value === null) return false;
  const { id, visible } = value as Partial<Record<keyof ColumnChoice, unknown>>;
  return typeof id === 'string' && typeof visible === 'boolean';
}

export function useColumns(list: string, known: readonly string[]): [ColumnChoice[], (columns: readonly ColumnChoice[]) => void] {
  const [store] = useState(() => remembered<ColumnChoice[]>(`columns.${list}`, mergeColumns(known, []), (value) => mergeColumns(known, value)));
  return [useSyncExternalStore(store.subscribe, store.get), (columns) => store.set([...columns])];
}
