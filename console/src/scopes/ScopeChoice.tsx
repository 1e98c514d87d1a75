// A scope in the tree that one chooses from: its name, what it is, and where it was found.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import { scopeWord } from '../organisation/words';
import { LongText } from '../look/LongText';
import type { Scope } from './scopes';
import type { ScopeEntry } from './useScopeEntries';

interface Props {
  entry: ScopeEntry;
  isChosen: boolean;
  several: boolean;
  /** Whether it is only shown, for what lies below it. */
  isFixed: boolean;
  onToggle: (scope: Scope) => void;
}

export function ScopeChoice({ entry: { scope, byNameOnly, path }, isChosen, several, isFixed, onToggle }: Props) {
  const what = (
    <Box variant="span" color="text-body-secondary" fontSize="body-s">
      {scopeWord(scope.type)}
      {byNameOnly && ', name only'}
    </Box>
  );
  if (isFixed) {
    return (
      <Box>
        <LongText>{scope.name}</LongText> {what}
      </Box>
    );
  }
  if (several) {
    return (
      <Checkbox checked={isChosen} onChange={() => onToggle(scope)} description={path}>
        <LongText>{scope.name}</LongText> {what}
      </Checkbox>
    );
  }
  return (
    <div>
      <Button
        variant="inline-link"
        formAction="none"
        {...(isChosen ? { iconName: 'check', ariaLabel: `${scope.name}, selected` } : {})}
        onClick={() => onToggle(scope)}
      >
        <LongText>{scope.name}</LongText>
      </Button>{' '}
      {what}
      {path !== undefined && (
        <Box color="text-body-secondary" fontSize="body-s">
          {path}
        </Box>
      )}
    </div>
  );
}
