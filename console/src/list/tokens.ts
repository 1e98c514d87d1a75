// Between the conditions of a filter and what the filter box of the components works with.
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { type Condition, type Field, type Operator, operatorsOf } from './filter';

type BoxOperator = PropertyFilterProps.ComparisonOperator;

// The box has no sign for `=$`, but takes any; ours then reads as the server writes it.
const SIGNS: Record<Operator, BoxOperator> = {
  '==': '=',
  '!=': '!=',
  '<=': '<=',
  '>=': '>=',
  '=@': ':',
  '!@': '!:',
  '=^': '^',
  '=$': '=$',
};

function operatorOf(sign: string): Operator | undefined {
  return (Object.keys(SIGNS) as Operator[]).find((operator) => SIGNS[operator] === sign);
}

export function signsOf(field: Field): readonly BoxOperator[] {
  return operatorsOf(field.kind).map((operator) => SIGNS[operator]);
}

export function toBox(conditions: readonly Condition[]): PropertyFilterProps.Query {
  const tokens = conditions.map(({ field, operator, value }) => ({ propertyKey: field, operator: SIGNS[operator], value }));
  return { operation: 'and', tokens };
}

/** What the box holds, without what is not finished yet. */
export function fromBox(query: PropertyFilterProps.Query): Condition[] {
  return query.tokens.flatMap(({ propertyKey, operator: sign, value }) => {
    const operator = operatorOf(sign);
    if (propertyKey === undefined || operator === undefined || typeof value !== 'string' || value === '') return [];
    return [{ field: propertyKey, operator, value }];
  });
}
