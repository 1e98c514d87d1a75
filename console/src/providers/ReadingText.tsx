// What was made of claims.
import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { formatCount } from '../format';
import { LongText } from '../look/LongText';
import { Status } from '../look/Status';
import type { Reading } from './signIns';

export function ReadingText({ reading }: { reading: Reading }) {
  const { email, emailVerified, groups, groupsTotal, firstName, lastName, uid, gid, supplementaryGroups, warnings } = reading;
  const name = [firstName, lastName].filter((part) => part != null).join(' ');
  const numbers = [uid == null ? '' : `uid ${uid}`, gid == null ? '' : `gid ${gid}`, supplementaryGroups.length === 0 ? '' : `groups ${supplementaryGroups.join(', ')}`];
  const linux = numbers.filter((part) => part !== '').join(', ');
  return (
    <SpaceBetween size="s">
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'Email', value: email == null ? <Missing /> : <LongText>{email}</LongText> },
          { label: 'Email verified', value: emailVerified == null ? 'The provider does not say' : emailVerified ? 'Yes' : 'No, says the provider' },
          { label: 'Groups', value: groups == null ? <Missing /> : groups.length === 0 ? 'None' : <Names first={groups} total={groupsTotal} /> },
          ...(name === '' ? [] : [{ label: 'Name', value: name }]),
          ...(linux === '' ? [] : [{ label: 'Linux', value: linux }]),
        ]}
      />
      {warnings.length > 0 && (
        <div>
          <Box variant="awsui-key-label">Worth a look</Box>
          {warnings.map((warning) => (
            <div key={warning} className="anywhere">
              <Status type="warning">{warning}</Status>
            </div>
          ))}
        </div>
      )}
    </SpaceBetween>
  );
}

function Names({ first, total }: { first: readonly string[]; total: number }) {
  return (
    <>
      <LongText>{first.join(', ')}</LongText>
      {total > first.length && ` and ${formatCount(total - first.length, 'more groups')}`}
    </>
  );
}

function Missing() {
  return <span className="dim">The provider does not say</span>;
}
