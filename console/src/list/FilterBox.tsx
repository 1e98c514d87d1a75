// The one box of a list: text that is entered is searched for, and conditions are added field by field.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { lazy, Suspense, useRef } from 'react';
import { formatNumber } from '../format';
import { short } from '../look/Chip';
import { notify } from '../notices/notices';
import { legible } from '../readable';
import { useScopeNames } from '../scopes/useScopeNames';
import { DAY_WORDS, isDaySign } from './days';
import { type Field, parseFilter, printFilter } from './filter';
import { conditionsIn, ENDS_WITH, searchIn, signsOf, toBox } from './tokens';
import { useSuggestions } from './useSuggestions';
import { Status } from '../look/Status';

const DayForm = lazy(() => import('./DayForm'));
const ScopeForm = lazy(() => import('./ScopeForm'));

export interface Filtering {
  search: string;
  filterBy: string;
}

interface Props extends Filtering {
  /** What the search looks through: `users by email`. */
  searches: string;
  fields: readonly Field[];
  /** How many match. */
  total: number | undefined;
  onChange: (filtering: Filtering) => void;
}

export function FilterBox({ searches, fields, search, filterBy, total, onChange }: Props) {
  const box = useRef<PropertyFilterProps.Ref>(null);
  const read = parseFilter(filterBy, fields);
  const conditions = read ?? [];
  const fieldOf = (name: string) => fields.find((field) => field.name === name);
  const { names, problems } = useScopeNames(conditions.flatMap(({ field, value }) => (fieldOf(field)?.kind === 'scope' ? [value] : [])));
  const { field: suggested, values, isLoading, ask } = useSuggestions();

  const change = (query: PropertyFilterProps.Query) => {
    const text = printFilter(conditionsIn(query), fields);
    if (text === undefined) {
      notify({ type: 'warning', id: 'filter', content: 'A value must not contain a comma followed by another condition.' });
    } else {
      // A filter that could not be read shows no tokens here, and goes only when it is cleared.
      onChange({ search: searchIn(query), filterBy: read === undefined ? filterBy : text });
    }
  };
  const suggestions = suggested === undefined ? [] : values.map((value) => ({ propertyKey: suggested, value, label: legible(value), ...(fieldOf(suggested)?.suggests === 'roles' ? { filteringTags: [short(value)] } : {}) }));
  return (
    <>
      <div className="list-filter-box">
        <PropertyFilter
          ref={box}
          query={toBox(search, conditions, fields)}
          onChange={({ detail }) => change(detail)}
          filteringProperties={fields.map((field) => property(field, names))}
          filteringOptions={[...fields.flatMap(options), ...suggestions]}
          onLoadItems={({ detail: { filteringProperty, filteringText } }) => {
            const field = fields.find(({ name }) => name === filteringProperty?.key);
            ask(field && { field, text: filteringText });
          }}
          filteringStatusType={isLoading ? 'loading' : 'finished'}
          filteringLoadingText="Loading values"
          freeTextFiltering={{ operators: [':'], defaultOperator: ':' }}
          hideOperations
          expandToViewport
          filteringPlaceholder={`Search ${searches}`}
          filteringAriaLabel={`Search ${searches}`}
          countText={total === undefined ? '' : `${formatNumber(total)} ${total === 1 ? 'match' : 'matches'}`}
          i18nStrings={{
            enteredTextLabel: (text) => offered(text, fields),
            allPropertiesLabel: 'Search',
            clearFiltersText: 'Clear all',
            groupPropertiesText: 'Filter by',
          }}
        />
      </div>
      <Button iconName="filter" onClick={() => box.current?.focus()}>
        Add filter
      </Button>
      {problems.map((problem) => (
        <div key={problem} className="list-filter-rest">
          <Status type="warning">{problem}</Status>
        </div>
      ))}
      {read === undefined && (
        <div className="list-filter-rest">
          <Box variant="span" color="text-body-secondary">
            Filter in the address:
          </Box>{' '}
          <Box variant="code">
            <span className="anywhere">{filterBy}</span>
          </Box>{' '}
          <Button variant="inline-link" onClick={() => onChange({ search, filterBy: '' })}>
            Clear filter
          </Button>
        </div>
      )}
    </>
  );
}

/** What the first choice below the box says: what comes of the text as it is. A condition without a value is dropped. */
function offered(text: string, fields: readonly Field[]): string {
  const field = fields.find(({ label }) => text.toLowerCase().startsWith(`${label.toLowerCase()} `));
  if (field === undefined) return `Search for “${text}”`;
  return signsOf(field).some((sign) => text.trim().endsWith(` ${sign}`)) ? `No value yet. Discard “${text.trim()}”` : text;
}

type Form = PropertyFilterProps.ExtendedOperatorFormProps<string>;

function property(field: Field, names: ReadonlyMap<string, string>): PropertyFilterProps.FilteringProperty {
  const [usual = '='] = signsOf(field);
  // Without a format a condition shows the server's word, and people should not have to know it.
  const format = (value: string) => (field.kind === 'scope' ? names.get(value) : wordsOf(field).find((word) => word.value === value)?.label) ?? legible(value);
  const operators = signsOf(field).map((operator) => {
    if (field.kind === 'date') return { operator, description: isDaySign(operator) ? DAY_WORDS[operator] : operator, form: (props: Form) => <Suspense><DayForm {...props} /></Suspense> };
    if (field.kind === 'scope') return { operator, format, form: (props: Form) => <Suspense><ScopeForm {...props} /></Suspense> };
    return { operator, format, ...(operator === ENDS_WITH ? { description: 'Ends with' } : {}) };
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
  return field.words ?? field.someWords ?? (field.kind === 'bool' ? YES_AND_NO : []);
}

function options(field: Field): PropertyFilterProps.FilteringOption[] {
  return wordsOf(field).map(({ value, label }) => ({ propertyKey: field.name, value, label }));
}
