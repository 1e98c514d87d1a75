// The filter of a list, condition by condition.
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { lazy, Suspense } from 'react';
import { notify } from '../notices/notices';
import { formatNumber } from '../format';
import { useScopeNames } from '../scopes/useScopeNames';
import { type Field, parseFilter, printFilter } from './filter';
import { fromBox, signsOf, toBox } from './tokens';

const DayForm = lazy(() => import('./DayForm'));
const ScopeForm = lazy(() => import('./ScopeForm'));

interface Props {
  fields: readonly Field[];
  filterBy: string;
  /** How many match. */
  total: number | undefined;
  onChange: (filterBy: string) => void;
}

export function FilterBox({ fields, filterBy, total, onChange }: Props) {
  // What the server would not read shows as no condition here; its refusal is shown where the rows would be.
  const conditions = parseFilter(filterBy, fields) ?? [];
  const kindOf = (name: string) => fields.find((field) => field.name === name)?.kind;
  const names = useScopeNames(conditions.flatMap(({ field, value }) => (kindOf(field) === 'scope' ? [value] : [])));
  const change = (query: PropertyFilterProps.Query) => {
    const text = printFilter(fromBox(query), fields);
    if (text === undefined) {
      notify({ type: 'warning', id: 'filter', content: 'A value must not hold a comma and then another condition.' });
    } else {
      onChange(text);
    }
  };
  return (
    <PropertyFilter
      query={toBox(conditions)}
      onChange={({ detail }) => change(detail)}
      filteringProperties={fields.map((field) => property(field, names))}
      filteringOptions={fields.flatMap(options)}
      hideOperations
      disableFreeTextFiltering
      expandToViewport
      filteringPlaceholder="Filter by a field"
      filteringAriaLabel="Filter by a field"
      countText={conditions.length > 0 && total !== undefined ? `${formatNumber(total)} match` : ''}
    />
  );
}

type Form = PropertyFilterProps.ExtendedOperatorFormProps<string>;

function property(field: Field, names: ReadonlyMap<string, string>): PropertyFilterProps.FilteringProperty {
  const [usual = '='] = signsOf(field);
  // Without a format a condition shows the server's word, and people should not have to know it.
  const format = (value: string) => (field.kind === 'scope' ? names.get(value) : wordsOf(field).find((word) => word.value === value)?.label) ?? value;
  const operators = signsOf(field).map((operator) => {
    if (field.kind === 'date') return { operator, form: (props: Form) => <Suspense><DayForm {...props} /></Suspense> };
    if (field.kind === 'scope') return { operator, format, form: (props: Form) => <Suspense><ScopeForm {...props} /></Suspense> };
    return { operator, format };
  });
  return {
    key: field.name,
    propertyLabel: field.label,
    groupValuesLabel: `Values of ${field.label}`,
    operators,
    defaultOperator: usual,
  };
}

const YES_AND_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function wordsOf(field: Field) {
  return field.words ?? (field.kind === 'bool' ? YES_AND_NO : []);
}

function options(field: Field): PropertyFilterProps.FilteringOption[] {
  return wordsOf(field).map(({ value, label }) => ({ propertyKey: field.name, value, label }));
}
