// Choosing a scope for a condition. Loaded when someone filters by one.
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { ScopePicker } from '../scopes/ScopePicker';
import { keyOf } from '../scopes/scopes';

export default function ScopeForm({ value, onChange }: PropertyFilterProps.ExtendedOperatorFormProps<string>) {
  return <ScopePicker chosen={value === null ? [] : [value]} onToggle={(scope) => onChange(keyOf(scope))} />;
}
