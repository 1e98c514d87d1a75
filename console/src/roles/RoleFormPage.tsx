// The pages that make a role: a new one, a copy of one, and one that is changed.
import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { notify } from '../notices/notices';
import { usePermissionsInAccount } from '../organisation/inAccount';
import { allows } from '../permissions/permissions';
import { rolesQuery } from '../rules/roles';
import NotFound from '../shell/NotFound';
import { Waiting } from '../shell/Waiting';
import { copyOf, draftOf, EMPTY, type RoleV2 } from './draft';
import { RoleForm } from './RoleForm';
import { catalogueQuery, createRole, permissionSetsQuery, type ReadRole, roleQuery, updateRole } from './roles';

type What = 'new' | 'copy' | 'edit';

export default function RoleFormPage() {
  const { roleId, what } = useParams({ from: '/shell/access/roles/$roleId/$what' });
  if (roleId === 'custom' && what === 'new') return <Page what="new" />;
  return what === 'copy' || what === 'edit' ? <OfRole key={`${roleId} ${what}`} what={what} roleId={roleId} /> : <NotFound />;
}

function OfRole({ what, roleId }: { what: What; roleId: string }) {
  const client = useQueryClient();
  // What it was when the page opened: what is read anew meanwhile must not take the tag along unseen.
  const [attempt, setAttempt] = useState(0);
  const { data: read, error } = useQuery({ ...roleQuery(roleId), queryKey: ['role-form', roleId, String(attempt)], staleTime: 'static', gcTime: 0 });
  if (error) return <FailureAlert header="The role cannot be shown" error={error} />;
  if (read === undefined) return <Waiting />;
  const reread = () => {
    client.removeQueries({ queryKey: ['role-form', roleId] });
    setAttempt(attempt + 1);
  };
  return <Page key={attempt} what={what} read={read} onReread={reread} />;
}

const TITLES: Record<What, (role: string) => string> = {
  new: () => 'New role',
  copy: (role) => `New role like ${role}`,
  edit: (role) => `Edit ${role}`,
};

function Page({ what, read, onReread }: { what: What; read?: ReadRole; onReread?: () => void }) {
  const router = useRouter();
  const held = usePermissionsInAccount();
  const sets = useQuery(permissionSetsQuery);
  const catalogue = useQuery(catalogueQuery);
  const roles = useQuery(rolesQuery());
  const title = TITLES[what](read?.role.name ?? '');
  const failed = [sets, catalogue, roles].find(({ error }) => error);
  const leave = (id: number | undefined) => router.history.push(id === undefined ? '/access/roles' : `/access/roles/${id}`);
  const saved = (role: RoleV2) => {
    notify({ type: 'success', content: `${role.name} was ${what === 'edit' ? 'saved' : 'created'}.` });
    leave(role.id);
  };
  const form = () => {
    if (failed?.error) return <FailureAlert header="The permissions cannot be shown" error={failed.error} retry={() => void failed.refetch()} />;
    if (held === undefined || sets.data === undefined || catalogue.data === undefined || roles.data === undefined) return <Waiting />;
    const needed = what === 'edit' ? 'update' : 'create';
    if (!allows(held, ['roles', needed])) return <Alert type="warning">You need permission to {needed === 'update' ? 'edit' : 'create'} roles in the account.</Alert>;
    if (what === 'edit' && read?.role.custom !== true) {
      return <Alert type="warning">{read?.role.name} comes with Rolecall and cannot be changed. Copy it to make a role of your own.</Alert>;
    }
    const before = what === 'edit' && read !== undefined ? { before: read.role, ...(onReread && { onReread }) } : {};
    return (
      <RoleForm
        name={`${what}:${read?.role.id ?? ''}`}
        start={read === undefined ? EMPTY : what === 'copy' ? copyOf(read.role) : draftOf(read.role)}
        {...before}
        sets={sets.data}
        catalogue={catalogue.data}
        roles={roles.data}
        held={held}
        save={(body, signal) => (what === 'edit' && read !== undefined ? updateRole(read, body, signal) : createRole(body, signal))}
        onSaved={saved}
        onCancel={() => leave(read?.role.id)}
      />
    );
  };
  const above = read === undefined ? [] : [{ text: read.role.name, href: `/access/roles/${read.role.id}` }];
  return (
    <ContentLayout
      breadcrumbs={
        <BreadcrumbGroup
          items={[{ text: 'Roles', href: '/access/roles' }, ...above, { text: title, href: '' }]}
          onFollow={(event) => {
            event.preventDefault();
            if (event.detail.href !== '') router.history.push(event.detail.href);
          }}
        />
      }
      header={
        <Header variant="h1" description="A role is a named set of permissions. Access rules give roles to people.">
          {title}
        </Header>
      }
    >
      {form()}
    </ContentLayout>
  );
}
