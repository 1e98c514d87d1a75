// All that a role can permit, to tick: resources down, under the headings that the server gives them, actions across.
import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { SearchBox } from '../list/SearchBox';
import { grouped, type Line, shownActions } from '../permissions/matrix';
import type { Permission } from '../permissions/permissions';

interface Props {
  catalogue: readonly Permission[];
  chosen: readonly string[];
  /** What the person has in the account: nobody makes a role beyond that. */
  held: readonly string[];
  onToggle: (code: string) => void;
}

export function PermissionPicker({ catalogue, chosen, held, onToggle }: Props) {
  const [search, setSearch] = useState('');
  const [closed, setClosed] = useState<readonly string[]>([]);
  const lines = grouped(catalogue, search);
  const cell = (line: Line, action: string, label: string) => {
    if (line.code === undefined || !line.actions.includes(action)) return null;
    const code = `${line.code}:${action}`;
    const isChosen = chosen.includes(code);
    const isLocked = !isChosen && !held.includes(code);
    return (
      <span title={isLocked ? 'You do not have this permission in the account.' : undefined}>
        <Checkbox checked={isChosen} disabled={isLocked} onChange={() => onToggle(code)} ariaLabel={`${label}: ${line.label}`} />
      </span>
    );
  };
  return (
    <Table<Line>
      items={lines}
      trackBy="id"
      wrapLines
      columnDefinitions={[
        { id: 'entity', header: 'Entity', cell: ({ label, code }: Line) => (code === undefined ? <Box fontWeight="bold">{label}</Box> : <span title={`In the API: ${code}`}>{label}</span>), isRowHeader: true, minWidth: 140 },
        ...shownActions(catalogue).map(({ action, label }) => ({ id: action, header: label, width: 76, cell: (line: Line) => cell(line, action, label) })),
      ]}
      expandableRows={{
        getItemChildren: ({ below }) => below,
        isItemExpandable: ({ below }) => below.length > 0,
        expandedItems: lines.filter(({ id }) => !closed.includes(id)),
        onExpandableItemToggle: ({ detail: { item, expanded } }) => setClosed(expanded ? closed.filter((id) => id !== item.id) : [...closed, item.id]),
      }}
      header={
        <Header variant="h2" counter={`(${chosen.length})`} description="In the scope of the access rule and everything below it.">
          Permissions
        </Header>
      }
      filter={<SearchBox label="Search entities" search={search} onChange={setSearch} />}
      empty={<Box color="text-body-secondary">No entities match.</Box>}
      ariaLabels={{
        tableLabel: 'Permissions',
        expandButtonLabel: ({ label }) => `Show ${label}`,
        collapseButtonLabel: ({ label }) => `Hide ${label}`,
      }}
    />
  );
}
