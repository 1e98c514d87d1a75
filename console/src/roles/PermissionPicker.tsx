// All that a role can permit, to tick: resources down, under the headings that the server gives them, actions across.
import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { SearchBox } from '../list/SearchBox';
import { grouped, type Line, shownActions } from '../permissions/matrix';
import type { Permission } from '../permissions/permissions';
import './role-form.css';

interface Props {
  catalogue: readonly Permission[];
  chosen: readonly string[];
  /** What the person has in the account: nobody makes a role beyond that. */
  held: readonly string[];
  /** Of one resource, or of all that are shown in a group. */
  onToggle: (codes: readonly string[]) => void;
}

const LOCKED = 'You do not have this permission in the account.';

export function PermissionPicker({ catalogue, chosen, held, onToggle }: Props) {
  const [search, setSearch] = useState('');
  const [closed, setClosed] = useState<readonly string[]>([]);
  const lines = grouped(catalogue, search);
  const isLocked = (code: string) => !chosen.includes(code) && !held.includes(code);
  const cell = (line: Line, action: string, label: string) => {
    const codes = codesIn(line, action);
    if (codes.length === 0) return null;
    const free = codes.filter((code) => !isLocked(code));
    const ticked = codes.filter((code) => chosen.includes(code)).length;
    const name = line.code === undefined ? `${label}: all of ${line.label}` : `${label}: ${line.label}`;
    return (
      <span title={free.length === 0 ? LOCKED : undefined}>
        <Checkbox
          checked={ticked === codes.length}
          indeterminate={ticked > 0 && ticked < codes.length}
          disabled={free.length === 0}
          onChange={() => onToggle(free)}
          ariaLabel={free.length === 0 ? `${name}. ${LOCKED}` : name}
        />
      </span>
    );
  };
  const hasLocked = catalogue.some(({ resourceType, actions }) => actions.some((action) => !held.includes(`${resourceType}:${action}`)));
  return (
    <div className="permission-picker">
      <Table<Line>
        items={lines}
        trackBy="id"
        wrapLines
        stickyHeader
        stickyColumns={{ first: 1 }}
        enableKeyboardNavigation
        columnDefinitions={[
          { id: 'entity', header: 'Entity', cell: ({ label, code }: Line) => (code === undefined ? <Box fontWeight="bold">{label}</Box> : <span title={`In the API: ${code}`}>{label}</span>), isRowHeader: true, minWidth: 116 },
          ...shownActions(catalogue).map(({ action, label }) => ({ id: action, header: label, width: 76, cell: (line: Line) => cell(line, action, label) })),
        ]}
        expandableRows={{
          getItemChildren: ({ below }) => below,
          isItemExpandable: ({ below }) => below.length > 0,
          expandedItems: lines.filter(({ id }) => !closed.includes(id)),
          onExpandableItemToggle: ({ detail: { item, expanded } }) => setClosed(expanded ? closed.filter((id) => id !== item.id) : [...closed, item.id]),
        }}
        header={
          <Header variant="h2" counter={`(${chosen.length})`} description={`In the scope of the access rule and everything below it.${hasLocked ? ' You cannot choose permissions that you do not have in the account.' : ''}`}>
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
    </div>
  );
}

/** What a box stands for: one permission, or those of all the resources that are shown in a group. */
function codesIn(line: Line, action: string): string[] {
  if (line.code === undefined) return line.below.flatMap((below) => codesIn(below, action));
  return line.actions.includes(action) ? [`${line.code}:${action}`] : [];
}
