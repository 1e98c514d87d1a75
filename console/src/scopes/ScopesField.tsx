// A field of a form: one scope, chosen from the tree, or several where that is asked for.
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { scopeWord } from '../organisation/words';
import { type Field, ScopePicker } from './ScopePicker';
import { keyOf, type Scope } from './scopes';

interface Props {
  field: Field;
  scopes: readonly Scope[];
  /** Whether several may be chosen. With one, another choice replaces it. */
  several: boolean;
  onSeveral: () => void;
  onChange: (scopes: Scope[]) => void;
}

export function ScopesField({ field, scopes, several, onSeveral, onChange }: Props) {
  const without = (key: string) => scopes.filter((scope) => keyOf(scope) !== key);
  const toggle = (scope: Scope) => {
    const others = without(keyOf(scope));
    if (several) onChange(others.length < scopes.length ? others : [...scopes, scope]);
    else onChange([scope]);
  };
  return (
    <SpaceBetween size="xs">
      <ScopePicker field={field} chosen={scopes.map(keyOf)} several={several} byNameOnly={false} onToggle={toggle} />
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
      {!several && scopes.length > 0 && (
        <Button variant="inline-link" iconName="add-plus" formAction="none" onClick={onSeveral}>
          Add more scopes
        </Button>
      )}
      <LiveRegion hidden>{scopes.length === 0 ? 'No scope selected.' : `Selected: ${scopes.map(({ name }) => name).join(', ')}.`}</LiveRegion>
    </SpaceBetween>
  );
}
