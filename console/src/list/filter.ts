// The language of `filterBy`, as the server reads it:
//
//   filter    = condition *( "," condition )
//   condition = field operator value
//   operator  = "==" / "!=" / "<=" / ">=" / "=@" / "!@" / "=^" / "=$"
//
// A value runs to the end or to the next comma that a known field and an operator follow, so it may hold commas, quotes
// and operators; nothing is trimmed, quoted or escaped.

export type Kind = 'text' | 'date' | 'bool' | 'integer' | 'scope';

/** A field that a list can be filtered by. */
export interface Field {
  /** As the server knows it. */
  name: string;
  /** As people read it. */
  label: string;
  kind: Kind;
  /** The words for values that people should not have to know. */
  words?: readonly { value: string; label: string }[];
  /** The words for some of its values; any other is a text. */
  someWords?: readonly { value: string; label: string }[];
  /** What its values are, to suggest them. */
  suggests?: Suggests;
}

/** Where the values of a field are known from: the names in one of the API's lists. */
export type Suggests = 'users' | 'subjects' | 'roles' | 'scopes';

export const OPERATORS = ['==', '!=', '<=', '>=', '=@', '!@', '=^', '=$'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  field: string;
  operator: Operator;
  value: string;
}

/** The operators that are offered for a field, the usual one first. The server takes more: `!=` of yes is no. */
export function operatorsOf({ kind, words, suggests }: Field): readonly Operator[] {
  if (kind === 'bool') return ['=='];
  if (kind === 'scope' || words !== undefined) return ['==', '!='];
  // Dates: what a day becomes, `days.ts`.
  if (kind === 'date') return ['>=', '<='];
  if (kind === 'integer') return ['>=', '<=', '==', '!='];
  return suggests === undefined ? ['=@', '!@', '==', '!=', '=^', '=$'] : ['==', '!=', '=@', '!@', '=^', '=$'];
}

/** The conditions of a filter; nothing when the server would not read it. */
export function parseFilter(text: string, fields: readonly Field[]): Condition[] | undefined {
  const conditions: Condition[] = [];
  let rest: string | undefined = text === '' ? undefined : text;
  while (rest !== undefined) {
    const head = headOf(rest, fields);
    if (head === undefined) return undefined;
    const { value, following } = split(head.after, fields);
    if (value === '') return undefined;
    conditions.push({ field: head.field, operator: head.operator, value });
    rest = following;
  }
  return conditions;
}

/**
 * The filter as one text; nothing when a value holds what reads like another condition, which the language cannot say.
 */
export function printFilter(conditions: readonly Condition[], fields: readonly Field[]): string | undefined {
  const text = conditions.map(({ field, operator, value }) => field + operator + value).join(',');
  const read = parseFilter(text, fields);
  const same =
    read?.length === conditions.length &&
    conditions.every(({ field, operator, value }, index) => {
      const other = read[index];
      return other?.field === field && other.operator === operator && other.value === value;
    });
  return same ? text : undefined;
}

interface Head {
  field: string;
  operator: Operator;
  after: string;
}

function headOf(rest: string, fields: readonly Field[]): Head | undefined {
  const name = /^[\p{Alphabetic}\p{N}_.-]*/u.exec(rest)?.[0] ?? '';
  if (!fields.some((field) => field.name === name)) return undefined;
  const behind = rest.slice(name.length);
  const operator = OPERATORS.find((candidate) => behind.startsWith(candidate));
  return operator && { field: name, operator, after: behind.slice(operator.length) };
}

function split(after: string, fields: readonly Field[]): { value: string; following: string | undefined } {
  for (let comma = after.indexOf(','); comma >= 0; comma = after.indexOf(',', comma + 1)) {
    const following = after.slice(comma + 1);
    if (headOf(following, fields) !== undefined) return { value: after.slice(0, comma), following };
  }
  return { value: after, following: undefined };
}
