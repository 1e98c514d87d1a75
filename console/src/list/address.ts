// What a list shows lies wholly in the address, so that back, forward, reload and a link that was sent show the same.
// The names are those of the API. What has its usual value is left out.

export const PAGE_SIZES = [25, 50, 100, 500] as const;
export const USUAL_SIZE = 50;

export interface ListAddress {
  filterBy?: string;
  search?: string;
  sortBy?: string;
  sortOrder?: 'desc';
  /** From 1; absent on the first page. */
  page?: number;
  size?: number;
  /** The dialog that is open. */
  dialog?: string;
  /** The selected tab. */
  tab?: string;
  /** The selected scope, as the API writes it: `department:7`. */
  scope?: string;
}

/** Reads it from the parameters of an address, which may be anybody's: what makes no sense is left out. */
export function parseAddress(raw: Record<string, unknown>): ListAddress {
  const page = wholeNumber(raw['page']);
  const size = wholeNumber(raw['size']);
  return {
    ...text(raw, 'filterBy'),
    ...text(raw, 'search'),
    ...text(raw, 'sortBy'),
    ...(raw['sortOrder'] === 'desc' && text(raw, 'sortBy').sortBy !== undefined ? { sortOrder: 'desc' } : {}),
    ...(page !== undefined && page > 1 ? { page } : {}),
    ...(size !== undefined && size !== USUAL_SIZE && PAGE_SIZES.some((known) => known === size) ? { size } : {}),
    ...text(raw, 'dialog'),
    ...text(raw, 'tab'),
    ...text(raw, 'scope'),
  };
}

/** The address after a change. Whatever changes which rows there are leads to the first page. */
export function changed(address: ListAddress, change: { [Name in keyof ListAddress]: ListAddress[Name] | undefined }): ListAddress {
  const rowsChange = ['filterBy', 'search', 'sortBy', 'sortOrder', 'size'].some((name) => name in change);
  return parseAddress({ ...address, ...(rowsChange ? { page: undefined } : {}), ...change });
}

/** The parameters of an address; values are texts and nothing else, so `?search=007` is no number. */
export function parseParameters(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

export function printParameters(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') parameters.set(name, String(value));
  }
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}

function text<Name extends string>(raw: Record<string, unknown>, name: Name): { [N in Name]?: string } {
  const value = raw[name];
  return (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [N in Name]?: string };
}

/** A number that an address holds: only as it is usually written, so neither `1e3` nor `007`. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^(0|[1-9]\d{0,8})$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}
