// A field of a form: several scopes, chosen from the tree.
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { scopeWord } from '../organisation/words';
import { type Field, ScopePicker } from './ScopePicker';
import { keyOf, type Scope } from './scopes';

interface Props {
  field: Field;
  scopes: readonly Scope[];
  onChange: (scopes: Scope[]) => void;
}

export function ScopesField({ field, scopes, onChange }: Props) {
  const without = (key: string) => scopes.filter((scope) => keyOf(scope) !== key);
  const toggle = (scope: Scope) => {
    const others = without(keyOf(scope));
    onChange(others.length < scopes.length ? others : [...scopes, scope]);
  };
  return (
    <SpaceBetween size="xs">
      <ScopePicker field={field} chosen={scopes.map(keyOf)} several onToggle={toggle} />
      {scopes.length > 0 && (
        <TokenGroup
          disableOuterPadding
          items={scopes.map(({ name, type, path }) => ({
            label: name,
            labelTag: scopeWord(type),
            ...(path === '' ? {} : { description: path }),
            dismissLabel: `Remove ${name}`,
          }))}
          onDismiss={({ detail }) => onChange(scopes.filter((_, index) => index !== detail.itemIndex))}
        />
      )}
      <LiveRegion hidden>{scopes.length === 0 ? 'No scopes chosen.' : `Chosen: ${scopes.map(({ name }) => name).join(', ')}.`}</LiveRegion>
    </SpaceBetween>
  );
}
