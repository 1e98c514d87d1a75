// The dialogs of identity providers, each with its address.
import { useQuery } from '@tanstack/react-query';
import { idsIn, whatIsOpen } from '../dialog/address';
import { FormDialog } from '../dialog/FormDialog';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { useStays } from '../dialog/useStays';
import { notify } from '../notices/notices';
import { useMayInAccount } from '../organisation/inAccount';
import type { Need } from '../permissions/permissions';
import { draftOf, formOf } from './draft';
import { EndBindingsDialog } from './EndBindingsDialog';
import { changeProvider, type Kind, leadTo, OFFERED, providerQuery, type ReadProvider, removeProvider } from './providers';
import { ProviderForm } from './ProviderForm';
import { RehearseDialog } from './RehearseDialog';

export default function ProviderDialog({ dialog, onClose }: { dialog: string; onClose: () => void }) {
  const may = useMayInAccount();
  const what = whatIsOpen(dialog);
  const [name] = idsIn(dialog);
  const kind = OFFERED.find(([kind]) => what === `new-${kind}`)?.[0];
  const needs = needsOf(what, kind);
  if (!useStays(dialog, needs !== undefined && may(needs))) return null;
  if (kind !== undefined) return <ProviderForm kind={kind} onClose={onClose} />;
  if (what === 'unbind-removed') return <EndBindingsDialog onClose={onClose} />;
  return name === undefined ? null : <About name={name} what={what} onClose={onClose} />;
}

function needsOf(what: string | undefined, kind: Kind | undefined): Need | undefined {
  if (kind !== undefined) return ['security-settings', 'create'];
  if (what === 'rehearse') return ['security-settings', 'read'];
  if (what === 'edit' || what === 'lead' || what === 'stay' || what === 'enable' || what === 'disable') return ['security-settings', 'update'];
  if (what === 'unbind' || what === 'unbind-removed') return ['users', 'update'];
  return what === 'remove' ? ['security-settings', 'delete'] : undefined;
}

function About({ name, what, onClose }: { name: string; what: string | undefined; onClose: () => void }) {
  const { data: read, error } = useQuery(providerQuery(name));
  if (error && read === undefined) return <NotThereDialog title="The identity provider cannot be shown" error={error} onClose={onClose} />;
  if (what === 'edit') return read === undefined ? null : <ProviderForm kind={read.provider.type} read={read} onClose={onClose} />;
  if (what === 'rehearse') return <RehearseDialog name={name} kind={read?.provider.type} onClose={onClose} />;
  if (what === 'lead' || what === 'stay') return <Lead name={name} isLeading={what === 'lead'} onClose={onClose} />;
  if (what === 'unbind') return <EndBindingsDialog name={name} onClose={onClose} />;
  if (what === 'remove') return <Remove name={name} read={read} onClose={onClose} />;
  return <Switch name={name} read={read} enabled={what === 'enable'} onClose={onClose} />;
}

interface Props {
  name: string;
  read: ReadProvider | undefined;
  onClose: () => void;
}

function Remove({ name, read, onClose }: Props) {
  return (
    <FormDialog
      title={`Remove ${name}?`}
      submit="Remove"
      isDanger
      state={read === undefined ? 'loading' : 'ready'}
      act={(signal) => (read === undefined ? unread() : removeProvider(read, signal))}
      onDone={() => {
        notify({ type: 'success', content: `${name} was removed.` });
        onClose();
      }}
      onClose={onClose}
    >
      Nobody signs in with it any more, and the sessions that began there end. Users and access rules stay. It cannot be undone: another one with this name knows none of these people. They stay bound to it, so that nobody takes them over, until these bindings are ended.
    </FormDialog>
  );
}

function Switch({ name, read, enabled, onClose }: Props & { enabled: boolean }) {
  const change = ({ provider, tag }: ReadProvider, signal: AbortSignal) => {
    const { type: kind } = provider;
    return changeProvider({ provider, tag }, { ...formOf(kind, draftOf(kind, provider), false), enabled }, signal);
  };
  return (
    <FormDialog
      title={`${enabled ? 'Enable' : 'Disable'} ${name}?`}
      submit={enabled ? 'Enable' : 'Disable'}
      state={read === undefined ? 'loading' : 'ready'}
      act={(signal) => (read === undefined ? unread() : change(read, signal))}
      onDone={() => {
        notify({ type: 'success', content: `${name} was ${enabled ? 'enabled' : 'disabled'}.` });
        onClose();
      }}
      onClose={onClose}
    >
      {enabled ? 'People can sign in with it again.' : 'Nobody signs in with it until it is enabled, and the sessions that began there end.'}
    </FormDialog>
  );
}

function Lead({ name, isLeading, onClose }: { name: string; isLeading: boolean; onClose: () => void }) {
  return (
    <FormDialog
      title={isLeading ? `Lead from the sign-in page to ${name}?` : `Stay on the sign-in page?`}
      submit={isLeading ? 'Lead here' : 'Stay'}
      act={(signal) => leadTo(isLeading ? name : undefined, signal)}
      onDone={() => {
        notify({ type: 'success', content: isLeading ? `The sign-in page leads to ${name}.` : 'The sign-in page leads nowhere by itself.' });
        onClose();
      }}
      onClose={onClose}
    >
      {isLeading ? (
        <>
          <p>People who come to sign in are sent to {name} without a click. While it is disabled, they see the sign-in page.</p>
          <p>
            Local users go to <code>/sign-in?local</code>, where they sign in with a password. Keep that address: it works also when {name} does not.
          </p>
        </>
      ) : (
        `People choose whether to continue with ${name} or to sign in with a password.`
      )}
    </FormDialog>
  );
}

function unread(): Promise<never> {
  return Promise.reject(new Error('the identity provider is not known yet'));
}
