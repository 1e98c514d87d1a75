// A field for one scope: its name, and the tree to choose another one from, which is loaded when someone opens it.
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Popover, { type PopoverProps } from '@cloudscape-design/components/popover';
import { lazy, Suspense, useRef } from 'react';
import { Waiting } from '../shell/Waiting';
import { useScope } from './useScopeNames';
import { keyOf } from './scopes';

const ScopePicker = lazy(() => import('./ScopePicker').then(({ ScopePicker }) => ({ default: ScopePicker })));

interface Props {
  label: string;
  /** Its key. */
  scope: string | undefined;
  onChange: (scope: string) => void;
}

export function ScopeField({ label, scope, onChange }: Props) {
  const { name, problem } = useScope(scope);
  const popover = useRef<PopoverProps.Ref>(null);
  const choose = (key: string) => {
    popover.current?.focus();
    if (key !== scope) onChange(key);
  };
  const picker = (
    <Suspense fallback={<Waiting />}>
      <ScopePicker hasFocus chosen={scope === undefined ? [] : [scope]} onToggle={(scope) => choose(keyOf(scope))} />
    </Suspense>
  );
  const text = scope === undefined ? 'Choose a scope' : name;
  return (
    <FormField label={label} stretch {...(problem === undefined ? {} : { errorText: problem })}>
      <div className="wide-trigger">
        <Popover ref={popover} triggerType="custom" position="bottom" size="large" fixedWidth renderWithPortal header="Choose a scope" dismissAriaLabel="Close" content={picker}>
          <Button fullWidth iconName="caret-down-filled" iconAlign="right" ariaLabel={`${label} ${text}`} style={{ root: { borderRadius: '0.5rem' } }}>
            {text}
          </Button>
        </Popover>
      </div>
    </FormField>
  );
}
