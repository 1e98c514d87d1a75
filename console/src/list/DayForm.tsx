// Choosing a day for a condition. Loaded when somebody filters by a date.
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

/** The server takes a day for its first moment in UTC. */
export default function DayForm({ value, onChange }: PropertyFilterProps.ExtendedOperatorFormProps<string>) {
  return (
    <FormField label="Day" constraintText="Its first moment, in UTC.">
      <DatePicker
        expandToViewport
        value={value ?? ''}
        onChange={({ detail }) => onChange(detail.value)}
        placeholder="YYYY/MM/DD"
      />
    </FormField>
  );
}
