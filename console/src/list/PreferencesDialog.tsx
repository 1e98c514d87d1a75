// What one likes of a list: its columns and their order, the rows on a page, the density. Loaded when somebody asks for it.
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import { useEffect, useRef } from 'react';
import { formatNumber } from '../format';
import { useLook } from '../look/look';
import { PAGE_SIZES } from './address';
import type { ColumnChoice } from './preferences';

export interface Props {
  columns: readonly { id: string; label: string; alwaysVisible: boolean }[];
  choices: readonly ColumnChoice[];
  onChoices: (choices: readonly ColumnChoice[]) => void;
  size: number;
  onSize: (size: number | undefined) => void;
}

export default function PreferencesDialog({ columns, choices, onChoices, size, onSize }: Props) {
  const [look, setLook] = useLook();
  const place = useRef<HTMLSpanElement>(null);
  // The component opens by its own button only, and somebody has pressed the one that stood in its place.
  useEffect(() => {
    const button = place.current?.querySelector('button');
    button?.focus();
    button?.click();
  }, []);
  return (
    <span ref={place}>
      <CollectionPreferences
        title="Preferences"
        confirmLabel="Confirm"
        cancelLabel="Cancel"
        preferences={{ pageSize: size, contentDensity: look.density, contentDisplay: choices }}
        pageSizePreference={{
          title: 'Rows on a page',
          options: PAGE_SIZES.map((value) => ({ value, label: formatNumber(value) })),
        }}
        contentDisplayPreference={{ title: 'Columns', description: 'Which are shown, and in which order.', options: columns }}
        contentDensityPreference={{ label: 'Compact', description: 'More rows on a screen, on all pages.' }}
        onConfirm={({ detail }) => {
          if (detail.contentDisplay) onChoices(detail.contentDisplay);
          setLook({ density: detail.contentDensity === 'compact' ? 'compact' : 'comfortable' });
          if (detail.pageSize !== size) onSize(detail.pageSize);
        }}
      />
    </span>
  );
}
