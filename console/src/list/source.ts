// What a list page is told about its list.
import type { ReactNode } from 'react';
import type { Field } from './filter';

/** What is asked of the server. */
export interface ListQuery {
  filterBy?: string;
  search?: string;
  /** From the address. Each list takes names of its own, and the server refuses others: this one fits any. */
  sortBy?: never;
  sortOrder?: 'asc' | 'desc';
  offset: number;
  limit: number;
}

export interface ListPageOfRows<Row> {
  rows: readonly Row[];
  /** How many match altogether. */
  total: number;
}

/** `Sort`: the orders that the API document knows for this list. */
export interface Column<Row, Sort extends string = string> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The server's name for the order by this column, where there is one. */
  sortBy?: Sort;
  /** In pixels: what usual values need. */
  width: number;
  /** Its share of what is left over on a wide page. */
  grow?: number;
}

export interface ListSource<Row, Sort extends string = string> {
  /** Unique; the cache and what the browser remembers go by it. */
  name: string;
  /** What the rows are, in the plural, which ends with an s: `users`. */
  noun: string;
  /** What permissions call them: `access_rules`. */
  resourceType: string;
  id: (row: Row) => string;
  /** The name of a row, for those who hear instead of see. */
  label: (row: Row) => string;
  columns: readonly Column<Row, Sort>[];
  /** The column that names a row, where it is not the first. */
  rowHeader?: string;
  fields: readonly Field[];
  /** What the search box looks through. */
  searches: string;
  /** Where the API has the whole list as a file. */
  exportedAt: string;
  /** What the reference of the API calls the part that this list is read from. */
  reference?: string;
  read: (query: ListQuery, signal: AbortSignal) => Promise<ListPageOfRows<Row>>;
}
