// Who can do something in a scope: the question, and below it the table of those who can.
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { SUBJECT_TYPES } from '../rules/rules';
import { useUnseen } from '../organisation/unseen';
import { OfRole } from './Can';
import { HoldersTable } from './HoldersTable';
import { PermissionField } from './PermissionField';
import { ScopeField } from '../scopes/ScopeField';
import { useParts } from './useParts';

export function WhoCan() {
  const { question, change, permission, deed, scope, place, isNoScope, role, noRole } = useParts();
  const unseen = useUnseen('access_rules');
  const of = SUBJECT_TYPES.find(({ value }) => value === question.of) ?? SUBJECT_TYPES[0];
  return (
    <SpaceBetween size="l">
      <Container>
        <ColumnLayout columns={3}>
          <FormField label="Subject type">
            <Select
              selectedOption={of}
              options={SUBJECT_TYPES}
              onChange={({ detail: { selectedOption } }) => {
                const chosen = SUBJECT_TYPES.find(({ value }) => value === selectedOption.value)?.value;
                change({ of: chosen === 'user' ? undefined : chosen });
              }}
            />
          </FormField>
          <PermissionField permission={permission} among={role?.permissions} onChange={(can) => change({ can })} />
          <ScopeField label="In" scope={scope} onChange={(scope) => change({ scope })} />
        </ColumnLayout>
        <OfRole role={role} noRole={noRole} onAll={() => change({ role: undefined })} />
      </Container>
      {permission !== undefined && scope !== undefined && !isNoScope ? (
        <HoldersTable key={`${question.can ?? ''} ${scope} ${of.value}`} question={{ type: of.value, permission, scope, search: question.search ?? '' }} what={`who can ${deed} in ${place}`} />
      ) : (
        <Box color="text-body-secondary">Choose what and where. Those{unseen} who can do it are listed here.</Box>
      )}
    </SpaceBetween>
  );
}
