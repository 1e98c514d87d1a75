// Ending the bindings of all users of an identity provider: whom it affects, and whether it is meant.
import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../dialog/FormDialog';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { formatCount, formatNumber } from '../format';
import { LongText } from '../look/LongText';
import { notify } from '../notices/notices';
import { legible } from '../readable';
import { bindingsQuery, endBindings } from './providers';

export function EndBindingsDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { data: bindings, error } = useQuery(bindingsQuery(name));
  const [ended, setEnded] = useState(0);
  if (error && bindings === undefined) return <NotThereDialog title="The bindings cannot be shown" error={error} onClose={onClose} />;
  const users = bindings?.users ?? 0;
  return (
    <FormDialog
      title={`End all bindings to ${name}?`}
      submit={users > 0 ? `End ${formatCount(users, 'bindings')}` : 'End bindings'}
      isDanger
      state={bindings === undefined ? 'loading' : users === 0 ? 'blocked' : 'ready'}
      act={(signal) => endBindings(name, setEnded, signal)}
      onDone={(all) => {
        notify({ type: 'success', content: `${formatCount(all, 'bindings')} to ${name} ended.` });
        onClose();
      }}
      onClose={onClose}
    >
      {bindings && users === 0 && <div>No user is bound to a person at {name}.</div>}
      {bindings && users > 0 && (
        <SpaceBetween size="m">
          <div>
            For when everybody has a new identity at {name}: after it was replaced or set up anew. {formatCount(users, 'users')} {users === 1 ? 'is' : 'are'} signed out. The next person who signs in
            with the email of one becomes that user, with the same access rules.
          </div>
          {bindings.losing > 0 && (
            <div>
              {formatNumber(bindings.losing)} of them {bindings.losing === 1 ? 'has' : 'have'} access through groups, and none of it until the next sign-in.
            </div>
          )}
          {bindings.stranded > 0 && (
            <Alert type="warning" header={`${formatNumber(bindings.stranded)} of them cannot sign in again`}>
              No enabled identity provider may assert {bindings.stranded === 1 ? 'this email' : 'these emails'}: <LongText>{bindings.strandedUsers.map(legible).join(', ')}</LongText>
              {bindings.stranded > bindings.strandedUsers.length && ` and ${formatNumber(bindings.stranded - bindings.strandedUsers.length)} more`}.
            </Alert>
          )}
          {ended > 0 && (
            <div role="status">
              {formatNumber(ended)} of {formatNumber(users)} ended.
            </div>
          )}
        </SpaceBetween>
      )}
    </FormDialog>
  );
}
