// What may be done with each type of resource, under the headings that the server gives them.
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Icon from '@cloudscape-design/components/icon';
import Table from '@cloudscape-design/components/table';
import { type ReactNode, useState } from 'react';
import { SearchBox } from '../list/SearchBox';
import { grouped, type Line, shownActions } from './matrix';
import type { Permission } from './permissions';
import { LongText } from '../look/LongText';

interface Props {
  title: string;
  description?: string;
  /** Nothing while they are read. */
  permissions: readonly Permission[] | undefined;
  /** Whether there may be more than the reader sees. */
  isPartial?: boolean;
  search: string;
  onSearch: (search: string) => void;
  /** What narrows it besides the search. */
  narrow?: ReactNode;
}

export function PermissionTable({ title, description, permissions, isPartial = false, search, onSearch, narrow }: Props) {
  const [closed, setClosed] = useState<readonly string[]>([]);
  const lines = grouped(permissions ?? [], search);
  return (
    <Table<Line>
      items={lines}
      trackBy="id"
      loading={permissions === undefined}
      loadingText="Loading permissions"
      wrapLines
      columnDefinitions={[
        { id: 'entity', header: 'Entity', cell: Entity, isRowHeader: true },
        ...shownActions(permissions ?? []).map(({ action, label }) => ({ id: action, header: label, width: 90, cell: (line: Line) => <Mark line={line} action={action} /> })),
      ]}
      expandableRows={{
        getItemChildren: ({ below }) => below,
        isItemExpandable: ({ below }) => below.length > 0,
        expandedItems: lines.filter(({ id }) => !closed.includes(id)),
        onExpandableItemToggle: ({ detail: { item, expanded } }) => setClosed(expanded ? closed.filter((id) => id !== item.id) : [...closed, item.id]),
      }}
      header={
        <Header variant="h2" {...(description === undefined ? {} : { description })}>
          <LongText>{title}</LongText>
        </Header>
      }
      filter={
        <div className="list-filters">
          <SearchBox label="Search entities" search={search} onChange={onSearch} />
          {narrow}
        </div>
      }
      empty={<Box color="text-body-secondary">{emptyText(isPartial, search)}</Box>}
      ariaLabels={{
        tableLabel: title,
        expandButtonLabel: ({ label }) => `Show ${label}`,
        collapseButtonLabel: ({ label }) => `Hide ${label}`,
      }}
    />
  );
}

function emptyText(isPartial: boolean, search: string): string {
  if (search === '') return isPartial ? 'None you can see.' : 'No permissions.';
  return isPartial ? 'No entities you can see match.' : 'No entities match.';
}

/** The API's word is there for those who look for it, and in nobody's way. */
function Entity({ label, code }: Line) {
  if (code === undefined) return <Box fontWeight="bold">{label}</Box>;
  return <span title={`In the API: ${code}`}>{label}</span>;
}

function Mark({ line: { code, actions }, action }: { line: Line; action: string }) {
  if (code === undefined) return null;
  if (actions.includes(action)) return <Icon name="check" variant="success" ariaLabel="Yes" />;
  return <Box color="text-status-inactive">No</Box>;
}
