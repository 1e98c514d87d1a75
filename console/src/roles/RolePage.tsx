// One role: what it permits, and who has it where.
import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { CheckAccessButton } from '../decisions/CheckAccessButton';
import { authorName } from '../authors';
import { When } from '../format';
import { useListAddress } from '../list/useListAddress';
import { PermissionTable } from '../permissions/PermissionTable';
import { Waiting } from '../shell/Waiting';
import { useStays } from '../dialog/useStays';
import { DangerButton } from '../look/DangerButton';
import { SubjectName } from '../look/SubjectName';
import { useMayInAccount } from '../organisation/inAccount';
import type { RoleV2 } from './draft';
import type { RoleChange } from './RoleDialog';
import { RoleHolders } from './RoleHolders';
import { RoleStatus, typeOfRole } from './RoleStatus';
import { roleQuery } from './roles';

const RoleDialog = lazy(() => import('./RoleDialog'));

export default function RolePage() {
  const { roleId } = useParams({ from: '/shell/access/roles/$roleId' });
  const router = useRouter();
  const [{ search = '', dialog }, change] = useListAddress();
  const { data: read, error, refetch } = useQuery(roleQuery(roleId));
  const may = useMayInAccount();
  const stays = useStays(dialog, may(['roles', dialog === 'delete' ? 'delete' : 'update']));
  if (error) {
    const isNone = error instanceof Failure && error.status === 404;
    const next = isNone ? { action: <Button onClick={() => router.history.push('/access/roles')}>Show all roles</Button> } : { retry: () => void refetch() };
    return <FailureAlert header="The role cannot be shown" error={error} {...next} />;
  }
  if (read === undefined) return <Waiting />;
  const { role } = read;
  const open = (what: RoleChange) => () => change({ dialog: what });
  const go = (page: string) => () => router.history.push(`/access/roles/${role.id}/${page}`);
  return (
    <ContentLayout
      breadcrumbs={
        <BreadcrumbGroup
          items={[
            { text: 'Roles', href: '/access/roles' },
            { text: role.name, href: '' },
          ]}
          onFollow={(event) => {
            event.preventDefault();
            if (event.detail.href !== '') router.history.push(event.detail.href);
          }}
        />
      }
      header={
        <Header variant="h1" description={role.description} actions={
            <SpaceBetween size="xs" direction="horizontal">
              {role.custom && may(['roles', 'update']) && <Button onClick={go('edit')}>Edit</Button>}
              {may(['roles', 'create']) && <Button onClick={go('copy')}>Copy</Button>}
              {may(['roles', 'update']) && <Button onClick={open(role.enabled ? 'disable' : 'enable')}>{role.enabled ? 'Disable' : 'Enable'}</Button>}
              {role.custom && may(['roles', 'delete']) && <DangerButton onClick={open('delete')}>Delete</DangerButton>}
              <CheckAccessButton question={{ role: String(role.id) }} />
            </SpaceBetween>
          }>
          {role.name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <KeyValuePairs
            columns={3}
            items={[
              { label: 'Type', value: typeOfRole(role) },
              { label: 'Status', value: <RoleStatus enabled={role.enabled} /> },
              { label: 'Permission sets', value: setsOf(role) },
              { label: 'Created by', value: <SubjectName name={authorName(role.createdBy)} wrap /> },
              { label: 'Creation time', value: <When at={role.createdAt} otherwise="" /> },
              { label: 'ID', value: String(role.id) },
            ]}
          />
        </Container>
        {!role.enabled && <Alert type="warning">This role is disabled: access rules with it permit nothing.</Alert>}
        <RoleHolders role={role} />
        <PermissionTable
          title="What it permits"
          description="In the scope of the access rule and everything below it."
          permissions={role.permissions}
          search={search}
          onSearch={(text) => change({ search: text })}
        />
        {isChange(dialog) && stays && (
          <Suspense>
            <RoleDialog
              what={dialog}
              read={read}
              onDone={() => (dialog === 'delete' ? router.history.push('/access/roles') : change({ dialog: undefined }))}
              onClose={() => change({ dialog: undefined })}
            />
          </Suspense>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

function isChange(dialog: string | undefined): dialog is RoleChange {
  return dialog === 'enable' || dialog === 'disable' || dialog === 'delete';
}

function setsOf({ custom, permissionSets }: RoleV2): string {
  if (permissionSets.length > 0) return permissionSets.map(({ name }) => name).join(', ');
  return custom ? 'None: chosen one by one' : 'None';
}
