// Where: one scope, chosen by name.
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useQuery } from '@tanstack/react-query';
import { placeQuery } from '../organisation/organisation';
import { useScopeSearch } from '../scopes/useScopeSearch';

interface Props {
  scope: string | undefined;
  onChange: (scope: string | undefined) => void;
}

export function ScopeField({ scope, onChange }: Props) {
  const name = useScopeName(scope);
  const { search } = useScopeSearch();
  return (
    <FormField label="In">
      <Select
        {...search}
        selectedOption={scope === undefined ? null : { value: scope, label: name }}
        onChange={({ detail }) => onChange(detail.selectedOption.value)}
      />
    </FormField>
  );
}

/** The name of the scope of that key; the key itself while it is not known, or not for this person to see. */
export function useScopeName(key: string | undefined): string {
  const { data } = useQuery({ ...placeQuery(key), enabled: key !== undefined });
  return data?.node.name ?? key ?? '';
}
