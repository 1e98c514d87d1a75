// Choosing a scope for a condition. Loaded when somebody filters by one.
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { ScopeField } from '../decisions/ScopeField';

export default function ScopeForm({ value, onChange }: PropertyFilterProps.ExtendedOperatorFormProps<string>) {
  return <ScopeField scope={value === null || value === '' ? undefined : value} onChange={(scope) => onChange(scope ?? '')} />;
}
