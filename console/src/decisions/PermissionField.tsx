// The permission of a question: any there is, or those of one role.
import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { useQuery } from '@tanstack/react-query';
import { asFailure } from '../api/failure';
import { GROUPS } from '../permissions/matrix';
import type { Permission as Line } from '../permissions/permissions';
import { deedOf } from '../permissions/words';
import { resourceTypesQuery } from './decisions';
import { type Permission, permissionIn, printPermission } from './question';

interface Props {
  permission: Permission | undefined;
  /** Only these are offered; all where there are none. */
  among: readonly Line[] | undefined;
  onChange: (can: string | undefined) => void;
}

export function PermissionField({ permission, among, onChange }: Props) {
  const { data, error, isPending, refetch } = useQuery(resourceTypesQuery);
  return (
    <FormField label="May">
      <Select
        selectedOption={permission === undefined ? null : { value: printPermission(permission), label: deedOf(permission, nameIn(data, permission)) }}
        options={grouped(among ?? data ?? [], data)}
        onChange={({ detail }) => onChange(detail.selectedOption.value)}
        onLoadItems={() => error && void refetch()}
        filteringType="auto"
        filteringPlaceholder="Search"
        filteringAriaLabel="Search what can be permitted"
        statusType={error ? 'error' : isPending ? 'loading' : 'finished'}
        loadingText="Loading"
        errorText={error ? asFailure(error).message : ''}
        recoveryText="Try again"
        empty="No permissions match."
        noMatch="No permissions match."
        placeholder="Choose a permission"
        virtualScroll
      />
    </FormField>
  );
}

/** What people call that type of resource, once it is known. */
export function nameIn(lines: readonly Line[] | undefined, { resourceType }: Permission): string | undefined {
  return lines?.find((line) => line.resourceType === resourceType)?.displayName;
}

function grouped(lines: readonly Line[], all: readonly Line[] | undefined): SelectProps.OptionGroup[] {
  return [...new Set(lines.map(({ groupId }) => groupId))].map((group) => ({
    label: GROUPS[group] ?? group,
    options: lines
      .filter(({ groupId }) => groupId === group)
      .flatMap(({ resourceType, actions }) =>
        actions.map((action) => {
          const permission = { resourceType, action };
          return { value: printPermission(permission), label: deedOf(permission, nameIn(all, permission)) };
        }),
      ),
  }));
}

/** The permission that a word means, where there is one. */
export function usePermission(word: string | undefined): { permission: Permission | undefined; deed: string } {
  const { data } = useQuery(resourceTypesQuery);
  const permission = permissionIn(word);
  return { permission, deed: permission === undefined ? '' : deedOf(permission, nameIn(data, permission)) };
}
