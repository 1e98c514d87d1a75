// What a person prefers for a list: columns and their order, rows per page, density. Loaded when it is opened.
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
  onClose: () => void;
}

export default function PreferencesDialog({ columns, choices, onChoices, size, onSize, onClose }: Props) {
  const [look, setLook] = useLook();
  const place = useRef<HTMLSpanElement>(null);
  // The component opens by a button of its own only, which is not seen.
  useEffect(() => place.current?.querySelector('button')?.click(), []);
  // Later than its own choice of where the focus goes, which is that button.
  const close = () => setTimeout(onClose);
  return (
    <span ref={place} className="unseen">
      <CollectionPreferences
        title="Columns and rows"
        confirmLabel="Apply"
        cancelLabel="Cancel"
        preferences={{ pageSize: size, contentDensity: look.density, contentDisplay: choices }}
        pageSizePreference={{
          title: 'Rows per page',
          options: PAGE_SIZES.map((value) => ({ value, label: formatNumber(value) })),
        }}
        contentDisplayPreference={{ title: 'Columns', description: 'Choose which are shown, and drag them into order.', options: columns }}
        contentDensityPreference={{ label: 'Compact', description: 'Shows more rows, in all lists.' }}
        onConfirm={({ detail }) => {
          if (detail.contentDisplay) onChoices(detail.contentDisplay);
          setLook({ density: detail.contentDensity === 'compact' ? 'compact' : 'comfortable' });
          if (detail.pageSize !== size) onSize(detail.pageSize);
          close();
        }}
        onCancel={close}
      />
    </span>
  );
}
