// The button for what one likes of a list; what it opens is loaded when it is pressed.
import Button from '@cloudscape-design/components/button';
import { lazy, Suspense, useState } from 'react';
import type { Props } from './PreferencesDialog';

const PreferencesDialog = lazy(() => import('./PreferencesDialog'));

export function PreferencesButton(props: Props) {
  const [asked, setAsked] = useState(false);
  const button = <Button variant="icon" iconName="settings" ariaLabel="Preferences" loading={asked} onClick={() => setAsked(true)} />;
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <PreferencesDialog {...props} />
    </Suspense>
  );
}
