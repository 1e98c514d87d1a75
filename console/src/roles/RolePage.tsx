// One role: what it permits, and who has it where.
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { CheckAccessButton } from '../decisions/CheckAccessButton';
import { authorName } from '../authors';
import { When } from '../format';
import { useListAddress } from '../list/useListAddress';
import { PermissionTable } from '../permissions/PermissionTable';
import { Waiting } from '../shell/Waiting';
import { RoleHolders } from './RoleHolders';
import { roleQuery } from './roles';

export default function RolePage() {
  const { roleId } = useParams({ from: '/shell/access/roles/$roleId' });
  const router = useRouter();
  const [{ search = '' }, change] = useListAddress();
  const { data: role, error, refetch } = useQuery(roleQuery(roleId));
  if (error) {
    const isNone = error instanceof Failure && error.status === 404;
    const next = isNone ? { action: <Button onClick={() => router.history.push('/access/roles')}>Show all roles</Button> } : { retry: () => void refetch() };
    return <FailureAlert header="The role cannot be shown" error={error} {...next} />;
  }
  if (role === undefined) return <Waiting />;
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
        <Header variant="h1" description={role.description} actions={<CheckAccessButton question={{ role: String(role.id) }} />}>
          {role.name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <KeyValuePairs
            columns={3}
            items={[
              { label: 'Created by', value: authorName(role.createdBy) },
              { label: 'Creation time', value: <When at={role.createdAt} otherwise="" /> },
              { label: 'ID', value: String(role.id) },
            ]}
          />
        </Container>
        <RoleHolders role={role} />
        <PermissionTable
          title="What it permits"
          description="In the scope of the access rule and everything below it."
          permissions={role.permissions}
          search={search}
          onSearch={(text) => change({ search: text })}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}
