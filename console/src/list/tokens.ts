// Between the conditions of a filter and what the filter box of the components works with.
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { conditionsOf, DAY_SIGNS, daysIn, isDaySign } from './days';
import { type Condition, type Field, type Operator, operatorsOf } from './filter';

type BoxOperator = PropertyFilterProps.ComparisonOperator;

/** The box has no sign for it, but takes any; ours then reads as the server writes it. */
export const ENDS_WITH = '=$';

const SIGNS: Record<Operator, BoxOperator> = {
  '==': '=',
  '!=': '!=',
  '<=': '<=',
  '>=': '>=',
  '=@': ':',
  '!@': '!:',
  '=^': '^',
  '=$': ENDS_WITH,
};

function operatorOf(sign: string): Operator | undefined {
  return (Object.keys(SIGNS) as Operator[]).find((operator) => SIGNS[operator] === sign);
}

export function signsOf(field: Field): readonly BoxOperator[] {
  // A date is never equal to a day, and people do not compare days by signs.
  if (field.kind === 'date') return DAY_SIGNS;
  return operatorsOf(field).map((operator) => SIGNS[operator]);
}

/** A search is the text that belongs to no field, and stands first. */
export function toBox(search: string, conditions: readonly Condition[], fields: readonly Field[]): PropertyFilterProps.Query {
  const tokens = daysIn(conditions, fields).map((token) =>
    'sign' in token
      ? { propertyKey: token.field, operator: token.sign, value: token.day }
      : { propertyKey: token.field, operator: SIGNS[token.operator], value: token.value },
  );
  return { operation: 'and', tokens: [...(search === '' ? [] : [{ operator: SIGNS['=@'], value: search }]), ...tokens] };
}

/** The search in the box: the text that was entered last, since there is one at a time. */
export function searchIn(query: PropertyFilterProps.Query): string {
  const texts = query.tokens.flatMap(({ propertyKey, value }) => (propertyKey === undefined && typeof value === 'string' ? [value.trim()] : []));
  return texts.at(-1) ?? '';
}

/** The conditions in the box, without what is not finished yet. */
export function conditionsIn(query: PropertyFilterProps.Query): Condition[] {
  return query.tokens.flatMap(({ propertyKey, operator: sign, value }) => {
    if (propertyKey === undefined || typeof value !== 'string' || value === '') return [];
    if (isDaySign(sign)) return conditionsOf({ field: propertyKey, sign, day: value });
    const operator = operatorOf(sign);
    if (operator === undefined) return [];
    return [{ field: propertyKey, operator, value }];
  });
}
