// A tree to choose scopes from, read as far as someone opens it, and a search above it that asks the server.
import Box from '@cloudscape-design/components/box';
import FormField, { type FormFieldProps } from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TextFilterProps } from '@cloudscape-design/components/text-filter';
import TreeView from '@cloudscape-design/components/tree-view';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { SearchBox } from '../list/SearchBox';
import { ScopeChoice } from './ScopeChoice';
import { keyOf, type Scope } from './scopes';
import { type Entry, useScopeEntries } from './useScopeEntries';

export interface Field extends Pick<FormFieldProps, 'description' | 'errorText'> {
  label: string;
}

interface Props {
  /** What is said of it in a form. */
  field?: Field;
  /** The keys of those that are chosen. */
  chosen: readonly string[];
  /** Whether several may be chosen: each is ticked then. */
  several?: boolean;
  /** Whether those can be chosen of which the person sees only the name. */
  byNameOnly?: boolean;
  /** One was chosen, or was and is not any more. */
  onToggle: (scope: Scope) => void;
  /** Whether one begins to search at once. */
  hasFocus?: boolean;
}

const SEARCH = 'Search by name';

export function ScopePicker({ field, chosen, several = false, byNameOnly = true, onToggle, hasFocus = false }: Props) {
  const [search, setSearch] = useState('');
  const { entries, opened, open, below } = useScopeEntries(search);
  const prefix = useId();
  const box = useRef<TextFilterProps.Ref>(null);
  useEffect(() => {
    // Later than the choice of what this opens in, which is its closing button.
    const timer = setTimeout(() => hasFocus && box.current?.focus());
    return () => clearTimeout(timer);
  }, [hasFocus]);

  return (
    // Enter chooses, and does not send the form that this stands in.
    <div onKeyDown={chooseByEnter}>
      <SpaceBetween size="xs">
        <FormField {...field} stretch>
          <SearchBox box={box} label={SEARCH} {...(field && { name: `${field.label}: ${SEARCH.toLowerCase()}` })} search={search} onChange={setSearch} />
        </FormField>
        <div className="scopes">
          <TreeView<Entry>
            ariaLabel="Scopes"
            items={entries}
            getItemId={({ id }) => prefix + id}
            getItemChildren={below}
            expandedItems={opened.map((id) => prefix + id)}
            onItemToggle={({ detail: { item, expanded } }) => open(item.id, expanded)}
            renderItem={(entry) =>
              entry.scope === undefined
                ? { content: <Box padding={{ vertical: 'xxs' }}>{entry.content}</Box>, announcementLabel: entry.label }
                : {
                    content: (
                      <ScopeChoice
                        entry={entry}
                        isChosen={chosen.includes(keyOf(entry.scope))}
                        several={several}
                        isFixed={entry.byNameOnly && !byNameOnly}
                        onToggle={onToggle}
                      />
                    ),
                    announcementLabel: entry.scope.name,
                  }
            }
            i18nStrings={{ expandButtonLabel: () => 'Open', collapseButtonLabel: () => 'Close' }}
          />
        </div>
      </SpaceBetween>
    </div>
  );
}

function chooseByEnter(event: KeyboardEvent) {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  if (event.target.type === 'checkbox') event.target.click();
}
