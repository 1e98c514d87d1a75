// The button for the columns of a list, their order and the rows on a page; what it opens is loaded when it is pressed.
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import { lazy, Suspense, useRef, useState } from 'react';
import type { Props } from './PreferencesDialog';

const PreferencesDialog = lazy(() => import('./PreferencesDialog'));

export function PreferencesButton(props: Omit<Props, 'onClose'>) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<ButtonProps.Ref>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <Button ref={button} iconName="settings" ariaExpanded={isOpen} onClick={() => setOpen(true)}>
        Columns
      </Button>
      {isOpen && (
        <Suspense>
          <PreferencesDialog {...props} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
