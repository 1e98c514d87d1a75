// Ending the bindings of all users of an identity provider: whom it affects, and whether it is meant.
import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { FormDialog } from '../dialog/FormDialog';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { formatCount, formatNumber } from '../format';
import { LongText } from '../look/LongText';
import { notify } from '../notices/notices';
import { legible } from '../readable';
import { bindingsQuery, endBindings } from './providers';

export function EndBindingsDialog({ name, onClose }: { name?: string; onClose: () => void }) {
  const { data: bindings, error } = useQuery(bindingsQuery(name));
  const [ended, setEnded] = useState(0);
  if (error && bindings === undefined) return <NotThereDialog title="The bindings cannot be shown" error={error} onClose={onClose} />;
  const users = bindings?.users ?? 0;
  const there = name ?? 'removed identity providers';
  return (
    <FormDialog
      title={`End all bindings to ${there}?`}
      submit={users > 0 ? `End ${formatCount(users, 'bindings')}` : 'End bindings'}
      isDanger
      state={bindings === undefined ? 'loading' : users === 0 ? 'blocked' : 'ready'}
      act={(signal) => endBindings(name, setEnded, signal)}
      onDone={(all) => {
        notify({ type: 'success', content: `${formatCount(all, 'bindings')} to ${there} ended.` });
        onClose();
      }}
      onClose={onClose}
    >
      {bindings && users === 0 && <div>No user is bound to a person at {there}.</div>}
      {bindings && users > 0 && (
        <SpaceBetween size="m">
          <div>
            {name === undefined ? 'Use this to let people sign in with another identity provider.' : `Use this when everyone has a new identity at ${name}.`} It signs out {formatCount(users, 'users')}.
            The next person whom an identity provider describes with one of their emails becomes that user, with the same access rules.
          </div>
          {bindings.losing > 0 && (
            <div>
              {formatNumber(bindings.losing)} of them {bindings.losing === 1 ? 'has' : 'have'} access through groups, which is suspended until the next sign-in.
            </div>
          )}
          {bindings.renamed.total > 0 && (
            <Alert type="warning" header={`${formatNumber(bindings.renamed.total)} of them ${bindings.renamed.total === 1 ? 'has another email' : 'have another email'} at the provider`}>
              Change the email first (Users → Account → Change email). Otherwise they return as new users, and the next person with the old email becomes this user: <Some {...bindings.renamed} />
            </Alert>
          )}
          {bindings.stranded.total > 0 && (
            <Alert type="warning" header={`${formatNumber(bindings.stranded.total)} of them cannot sign in again`}>
              No enabled identity provider may assert {bindings.stranded.total === 1 ? 'this email' : 'these emails'}: <Some {...bindings.stranded} />
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

function Some({ total, first }: Schemas['ToldUsers']) {
  return (
    <>
      <LongText>{first.map(legible).join(', ')}</LongText>
      {total > first.length && ` and ${formatNumber(total - first.length)} more`}.
    </>
  );
}
