// Choosing a day for a condition. Loaded when someone filters by a date.
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

export default function DayForm({ value, onChange }: PropertyFilterProps.ExtendedOperatorFormProps<string>) {
  return (
    <FormField label="Day" constraintText="Days begin and end at midnight UTC.">
      <DatePicker
        expandToViewport
        value={value ?? ''}
        onChange={({ detail }) => onChange(detail.value)}
        placeholder="YYYY/MM/DD"
      />
    </FormField>
  );
}
