// The dialogs of the organization: create a scope below, edit a scope, delete a scope.
import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { Failure } from '../api/failure';
import { queryClient } from '../api/queries';
import { useDraft } from '../dialog/draft';
import { FormDialog } from '../dialog/FormDialog';
import { notify } from '../notices/notices';
import { create, remove, rename, type Words } from './changes';
import { BELOW, keyOf, type Node, type Place, placeQuery } from './organisation';
import { scopeWord } from './words';

export function NewScopeDialog({ above, onDone, onClose }: { above: Node; onDone: (key: string) => void; onClose: () => void }) {
  const [words, setWords] = useDraft<Words>(`below:${keyOf(above)}`, { name: '', description: '' });
  const [missing, setMissing] = useState(false);
  const below = BELOW[above.type];
  return (
    <FormDialog
      title={`New ${below ?? 'scope'} in ${above.name}`}
      submit="Create"
      ready={() => {
        setMissing(words.name.trim() === '');
        return words.name.trim() !== '';
      }}
      act={() => create(above, trimmed(words))}
      onDone={(key) => {
        notify({ type: 'success', content: `${words.name.trim()} was created.` });
        onDone(key);
      }}
      onClose={onClose}
    >
      <Fields words={words} onChange={setWords} missing={missing} describes={below !== 'cluster'} />
    </FormDialog>
  );
}

export function EditScopeDialog({ place, onClose }: { place: Place; onClose: () => void }) {
  // What it was when the dialog opened: what is read anew meanwhile must not take the tag along unseen.
  const [read, setRead] = useDraft(`read:${keyOf(place.node)}`, place);
  const [words, setWords] = useDraft<Words>(`edit:${keyOf(place.node)}`, { name: place.node.name, description: place.node.description });
  const [missing, setMissing] = useState(false);
  const [overtaken, setOvertaken] = useState(false);
  /** Nothing when it was saved; else how it is by now, since somebody else changed it. */
  const act = async (): Promise<Place | null> => {
    try {
      await rename(read, trimmed(words));
      return null;
    } catch (error) {
      if (!(error instanceof Failure && error.status === 412)) throw error;
      return queryClient.query({ ...placeQuery(keyOf(read.node)), staleTime: 0 });
    }
  };
  return (
    <FormDialog
      title={`Edit the ${scopeWord(place.node.type)}`}
      submit="Save"
      ready={() => {
        setMissing(words.name.trim() === '');
        return words.name.trim() !== '';
      }}
      act={act}
      onDone={(fresh) => {
        if (fresh !== null) {
          setRead(fresh);
          setOvertaken(true);
          return;
        }
        notify({ type: 'success', content: `${words.name.trim()} was saved.` });
        onClose();
      }}
      onClose={onClose}
    >
      {overtaken && (
        <Alert type="warning" header="Changed by someone else">
          Its name is now <strong>{read.node.name}</strong>
          {read.node.description !== '' && <>, its description “{read.node.description}”</>}. Nothing was saved. Save again to replace it with what you typed.
        </Alert>
      )}
      <Fields words={words} onChange={setWords} missing={missing} describes={place.node.type !== 'cluster'} />
    </FormDialog>
  );
}

export function DeleteScopeDialog({ place, onDone, onClose }: { place: Place; onDone: () => void; onClose: () => void }) {
  const { type, name } = place.node;
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit="Delete"
      act={() => remove(place)}
      onDone={() => {
        notify({ type: 'success', content: `${name} was deleted.` });
        onDone();
      }}
      onClose={onClose}
    >
      <Alert type="warning">
        The {scopeWord(type)} {name} and its access rules will be permanently deleted.
        {type === 'cluster' && ' It must be empty except for its default department.'}
        {type === 'department' && ' It must have no projects.'}
      </Alert>
    </FormDialog>
  );
}

interface FieldsProps {
  words: Words;
  onChange: (words: Words) => void;
  missing: boolean;
  /** Whether there is a description; clusters have none. */
  describes: boolean;
}

function Fields({ words, onChange, missing, describes }: FieldsProps) {
  return (
    <SpaceBetween size="m">
      <FormField label="Name" {...(missing ? { errorText: 'Required.' } : {})}>
        <Input value={words.name} autoComplete="off" spellcheck={false} onChange={({ detail }) => onChange({ ...words, name: detail.value })} />
      </FormField>
      {describes && (
        <FormField label="Description" >
          <Textarea value={words.description} rows={3} onChange={({ detail }) => onChange({ ...words, description: detail.value })} />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function trimmed({ name, description }: Words): Words {
  return { name: name.trim(), description: description.trim() };
}
