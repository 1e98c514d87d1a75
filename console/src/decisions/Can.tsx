// Whether someone can do something in a scope: the question, and below it the answer.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import type { Role } from '../rules/roles';
import { Waiting } from '../shell/Waiting';
import { Answer } from './Answer';
import { decisionQuery } from './decisions';
import { MayNotAsk } from './MayNotAsk';
import { PermissionField } from './PermissionField';
import { type Permission, printSubject, type Subject } from './question';
import { ScopeField } from '../scopes/ScopeField';
import { SubjectField } from './SubjectField';
import { useParts } from './useParts';
import { nameOf } from './words';

export function Can() {
  const { change, subject, isReader, mayAsk, permission, deed, scope, place, isNoScope, role, noRole } = useParts();
  return (
    <SpaceBetween size="l">
      <Container>
        <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 3 } }, { colspan: { default: 12, s: 3 } }]}>
          <SubjectField subject={subject} onChange={(subject) => change({ subject: subject && printSubject(subject), dialog: undefined })} />
          <PermissionField permission={permission} among={role?.permissions} onChange={(can) => change({ can, dialog: undefined })} />
          <ScopeField label="In" scope={scope} onChange={(scope) => change({ scope, dialog: undefined })} />
        </Grid>
        <OfRole role={role} noRole={noRole} onAll={() => change({ role: undefined })} />
      </Container>
      {!mayAsk && subject !== undefined ? (
        <MayNotAsk what={`what ${nameOf({ subject, isReader })} can do`} />
      ) : subject !== undefined && permission !== undefined && scope !== undefined && !isNoScope ? (
        <Asked subject={subject} permission={permission} scope={scope} isReader={isReader} deed={deed} place={place} />
      ) : (
        <Box color="text-body-secondary">Choose who, what and where. The answer and its access rules are shown here.</Box>
      )}
    </SpaceBetween>
  );
}

interface OfRoleProps {
  role: Role | undefined;
  /** The id of the address that is no role's. */
  noRole: string | undefined;
  onAll: () => void;
}

/** Says that the choice is narrowed to what a role permits, or why it is not. */
export function OfRole({ role, noRole, onAll }: OfRoleProps) {
  if (role === undefined && noRole === undefined) return null;
  return (
    <Box padding={{ top: 's' }}>
      <Alert type={role === undefined ? 'warning' : 'info'} action={<Button onClick={onAll}>Offer everything</Button>}>
        {role === undefined ? `There is no role ${noRole ?? ''}, so all permissions are offered.` : `Only permissions of the role ${role.name} are offered.`}
      </Alert>
    </Box>
  );
}

interface AskedProps {
  subject: Subject;
  isReader: boolean;
  permission: Permission;
  deed: string;
  scope: string;
  place: string;
}

function Asked({ subject, isReader, permission, deed, scope, place }: AskedProps) {
  const { data, error, isFetching, refetch } = useQuery(decisionQuery(subject, permission, scope));
  if (error instanceof Failure && error.status === 403) return <MayNotAsk what={`what ${nameOf({ subject, isReader })} can do in ${place}`} />;
  if (error) return <FailureAlert header="There is no answer" error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting />;
  return <Answer decision={data} who={{ subject, isReader }} deed={deed} place={place} again={() => void refetch()} isAsking={isFetching} />;
}
