// Access, Roles: what can be given. There are few, so they come as a whole and are searched here.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { FailureAlert } from '../api/FailureAlert';
import { authorName } from '../authors';
import { formatNumber, When } from '../format';
import { SearchBox } from '../list/SearchBox';
import { useListAddress } from '../list/useListAddress';
import { LongText } from '../look/LongText';
import { SubjectName } from '../look/SubjectName';
import { type Role, rolesQuery } from '../rules/roles';
import { PageLink } from '../shell/PageLink';
import { useMayInAccount } from '../organisation/inAccount';
import { RoleStatus, typeOfRole } from './RoleStatus';
import { arranged, KINDS, kindIn } from './roles';

/** Their least widths hold the longest word of each: no word of ours breaks. */
const COLUMNS = [
  { id: 'role', header: 'Role', cell: (role: Role) => <PageLink href={`/access/roles/${role.id}`}><LongText>{role.name}</LongText></PageLink>, sortingField: 'name', isRowHeader: true, minWidth: 150 },
  { id: 'description', header: 'Description', cell: (role: Role) => <LongText>{role.description}</LongText>, sortingField: 'description', minWidth: 280 },
  { id: 'type', header: 'Type', cell: typeOfRole, sortingField: 'custom', minWidth: 120 },
  { id: 'status', header: 'Status', cell: ({ enabled }: Role) => <RoleStatus enabled={enabled} />, sortingField: 'enabled', minWidth: 130 },
  { id: 'createdBy', header: 'Created by', cell: (role: Role) => <SubjectName name={authorName(role.createdBy)} wrap />, sortingField: 'createdBy', minWidth: 200 },
  { id: 'creationTime', header: 'Creation time', cell: (role: Role) => <When at={role.createdAt} otherwise="" />, sortingField: 'createdAt', minWidth: 160 },
] as const;

export default function RolesPage() {
  const [{ search = '', filterBy, sortBy = 'name', sortOrder }, change] = useListAddress();
  const { data, error, isPending, refetch } = useQuery(rolesQuery());
  const may = useMayInAccount();
  const router = useRouter();
  const sorting = COLUMNS.find(({ sortingField }) => sortingField === sortBy) ?? COLUMNS[0];
  const kind = kindIn(filterBy);
  const roles = arranged((data ?? []).filter(kind.has), search, sorting.sortingField, sortOrder === 'desc');
  const noneYet = kind.id === 'custom' && search.trim() === '';
  return (
    <Table<Role>
      variant="full-page"
      stickyHeader
      stickyColumns={{ first: 1 }}
      wrapLines
      enableKeyboardNavigation
      items={roles}
      trackBy={({ id }) => String(id)}
      loading={isPending}
      loadingText="Loading roles"
      columnDefinitions={COLUMNS}
      sortingColumn={sorting}
      sortingDescending={sortOrder === 'desc'}
      onSortingChange={({ detail }) => change({ sortBy: detail.sortingColumn.sortingField, sortOrder: detail.isDescending ? 'desc' : undefined })}
      empty={
        error ? (
          <FailureAlert header="The roles cannot be shown" error={error} retry={() => void refetch()} />
        ) : (
          <Box color="text-body-secondary">{noneYet ? 'No custom roles yet.' : 'No roles match.'}</Box>
        )
      }
      header={
        <Header
          variant="awsui-h1-sticky"
          description="A role is a named set of permissions. Access rules give roles to people."
          {...(data === undefined ? {} : { counter: `(${formatNumber(roles.length)})` })}
          actions={
            may(['roles', 'create']) && (
              <Button variant="primary" onClick={() => router.history.push('/access/roles/custom/new')}>
                New role
              </Button>
            )
          }
        >
          Roles
        </Header>
      }
      filter={
        <div className="list-tools-row">
          <div className="list-filter-box">
            <SearchBox label="Search roles" search={search} onChange={(text) => change({ search: text })} />
          </div>
          <SegmentedControl
            label="Type"
            options={KINDS.map(({ id, text }) => ({ id, text }))}
            selectedId={kind.id}
            onChange={({ detail }) => change({ filterBy: KINDS.find(({ id }) => id === detail.selectedId)?.filterBy })}
          />
        </div>
      }
      ariaLabels={{ tableLabel: 'Roles' }}
    />
  );
}
