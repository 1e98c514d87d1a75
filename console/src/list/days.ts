// Conditions of dates. People name a day; the server compares moments, and takes a day for its first one in UTC.
import type { Condition, Field } from './filter';

/** What the filter box offers for a date, the usual one first. */
export const DAY_SIGNS = ['from', 'before', 'on'] as const;
type DaySign = (typeof DAY_SIGNS)[number];

export const DAY_WORDS: Readonly<Record<DaySign, string>> = { from: 'That day or later', before: 'Earlier than that day', on: 'Within that day' };

export interface DayToken {
  field: string;
  sign: DaySign;
  day: string;
}

/** The last moment of a day, as the server keeps it. */
const LAST = 'T23:59:59.999Z';

/** The conditions as days, where they are those of days; any other as it is. */
export function daysIn(conditions: readonly Condition[], fields: readonly Field[]): (Condition | DayToken)[] {
  const dates = new Set(fields.filter(({ kind }) => kind === 'date').map(({ name }) => name));
  const tokens: (Condition | DayToken)[] = [];
  for (let index = 0; index < conditions.length; index += 1) {
    const condition = conditions[index];
    if (condition === undefined) break;
    const { field, operator, value } = condition;
    const next = conditions[index + 1];
    const endsThatDay = next?.field === field && next.operator === '<=' && next.value === value + LAST;
    if (dates.has(field) && operator === '>=' && isDay(value)) {
      tokens.push({ field, sign: endsThatDay ? 'on' : 'from', day: value });
      if (endsThatDay) index += 1;
    } else if (dates.has(field) && operator === '<=' && value.endsWith(LAST) && isDay(value.slice(0, -LAST.length))) {
      tokens.push({ field, sign: 'before', day: moved(value.slice(0, -LAST.length), 1) });
    } else {
      tokens.push(condition);
    }
  }
  return tokens;
}

/** What the server is asked for a day. */
export function conditionsOf({ field, sign, day }: DayToken): Condition[] {
  if (sign === 'from') return [{ field, operator: '>=', value: day }];
  // What is no day is for the server to refuse, in one condition.
  if (!isDay(day)) return [{ field, operator: '<=', value: day }];
  if (sign === 'before') return [{ field, operator: '<=', value: moved(day, -1) + LAST }];
  return [
    { field, operator: '>=', value: day },
    { field, operator: '<=', value: day + LAST },
  ];
}

export function isDaySign(sign: string): sign is DaySign {
  return DAY_SIGNS.some((known) => known === sign);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function moved(day: string, days: number): string {
  const at = new Date(day);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
