// The rows that an address shows. One page is asked for at a time; until it is there the one before stays.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ListAddress, USUAL_SIZE } from './address';
import type { ListQuery, ListSource } from './source';

/** What the address asks of the server. An order that the list does not have is left out, as anything that makes no sense in an address. */
export function queryOf({ columns }: Pick<ListSource<never>, 'columns'>, address: ListAddress): ListQuery {
  const { filterBy, search, sortOrder = 'asc', page = 1, size = USUAL_SIZE } = address;
  const sortBy = columns.find((column) => column.sortBy === address.sortBy)?.sortBy;
  return {
    ...(filterBy === undefined ? {} : { filterBy }),
    ...(search === undefined ? {} : { search }),
    ...(sortBy === undefined ? {} : { sortBy: sortBy as never, sortOrder }),
    offset: (page - 1) * size,
    limit: size,
  };
}

export function useListRows<Row>(source: ListSource<Row>, address: ListAddress) {
  const query = queryOf(source, address);
  return useQuery({
    queryKey: [source.name, 'list', query],
    queryFn: ({ signal }) => source.read(query, signal),
    placeholderData: keepPreviousData,
  });
}
