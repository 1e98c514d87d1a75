// The dialogs of the organization: create a scope below, edit a scope, delete a scope.
import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure, FieldProblem, problemIn } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { queryClient } from '../api/queries';
import { useDraft } from '../dialog/draft';
import { FormDialog } from '../dialog/FormDialog';
import { showOutcomes } from '../dialog/OutcomesDialog';
import { useTypedEmail } from '../dialog/typedEmail';
import { Impact } from '../impact/Impact';
import { notify } from '../notices/notices';
import { loss, ownRulesWithQuery } from '../rules/own';
import { useSession } from '../session/session';
import { create, remove, rename, type Words } from './changes';
import { BELOW, isNoScope, keyOf, type Node, type Place, placeQuery } from './organisation';
import { scopeWord } from './words';

export function NewScopeDialog({ above, onDone, onClose }: { above: Node; onDone: (key: string) => void; onClose: () => void }) {
  const [words, setWords] = useDraft<Words>(`below:${keyOf(above)}`, { name: '', description: '' });
  const [problem, setProblem] = useState<FieldProblem>();
  const below = BELOW[above.type];
  return (
    <FormDialog
      title={`New ${below ?? 'scope'} in ${above.name}`}
      submit="Create"
      ready={() => {
        setProblem(missing(words));
        return missing(words) === undefined;
      }}
      act={(signal) => create(above, trimmed(words), signal).catch(wrongWords)}
      onDone={(made) => {
        if (made instanceof FieldProblem) {
          setProblem(made);
          return;
        }
        notify({ type: 'success', content: `${words.name.trim()} was created.` });
        onDone(made);
      }}
      onClose={onClose}
    >
      <Fields words={words} onChange={setWords} problem={problem} onProblem={setProblem} describes={below !== 'cluster'} />
    </FormDialog>
  );
}

export function EditScopeDialog({ place, onClose }: { place: Place; onClose: () => void }) {
  // What it was when the dialog opened: what is read anew meanwhile must not take the tag along unseen.
  const [read, setRead] = useDraft(`read:${keyOf(place.node)}`, place);
  const [words, setWords] = useDraft<Words>(`edit:${keyOf(place.node)}`, { name: place.node.name, description: place.node.description });
  const [problem, setProblem] = useState<FieldProblem>();
  const [overtaken, setOvertaken] = useState(false);
  const { type, name } = place.node;
  /** Nothing when it was saved; else what is wrong with a field, or how it is by now, since someone else changed it. */
  const act = async (signal: AbortSignal): Promise<Place | FieldProblem | null> => {
    try {
      await rename(read, trimmed(words), signal);
      return null;
    } catch (error) {
      if (isNoScope(error)) throw Failure.gone(`${scopeWord(type)} ${name}`);
      if (!(error instanceof Failure && error.status === 412)) return wrongWords(error);
      return queryClient.query({ ...placeQuery(keyOf(read.node)), staleTime: 0 });
    }
  };
  return (
    <FormDialog
      title={`Edit the ${scopeWord(type)}`}
      submit="Save"
      ready={() => {
        setProblem(missing(words));
        return missing(words) === undefined;
      }}
      act={act}
      onDone={(fresh) => {
        if (fresh instanceof FieldProblem) {
          setProblem(fresh);
          return;
        }
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
      <Fields words={words} onChange={setWords} problem={problem} onProblem={setProblem} describes={type !== 'cluster'} />
    </FormDialog>
  );
}

export function DeleteScopeDialog({ place, onDone, onClose }: { place: Place; onDone: () => void; onClose: () => void }) {
  const { type, name } = place.node;
  const session = useSession();
  const own = useQuery(ownRulesWithQuery(place.node));
  const lost = own.data ?? [];
  const email = useTypedEmail(lost.length > 0 ? session?.username : undefined);
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit="Delete"
      isDanger
      state={own.isPending ? 'loading' : own.error ? 'blocked' : 'ready'}
      ready={email.isTyped}
      act={(signal) => remove(place, signal)}
      onDone={() => {
        // With one's own rules this page may be gone: a notice on it would go unseen.
        if (lost.length > 0) showOutcomes(scopeWord(type), 'deleted', [{ what: name }]);
        else notify({ type: 'success', content: `${name} was deleted.` });
        onDone();
      }}
      onClose={onClose}
    >
      {own.error && <FailureAlert header="Your access rules cannot be shown" error={own.error} retry={() => void own.refetch()} />}
      <Alert type="warning">
        The {scopeWord(type)} {name} and its access rules will be permanently deleted.
        {type === 'cluster' && ' It must be empty except for its default department.'}
        {type === 'department' && ' It must have no projects.'}
      </Alert>
      {type !== 'tenant' && <Impact acts={[{ act: `delete-${type}`, id: place.node.id }]} />}
      {email.field(<>You lose {lost.map((rule) => loss(rule)).join(', ')}. This cannot be undone.</>)}
    </FormDialog>
  );
}

interface FieldsProps {
  words: Words;
  onChange: (words: Words) => void;
  problem: FieldProblem | undefined;
  onProblem: (problem: FieldProblem | undefined) => void;
  /** Whether there is a description; clusters have none. */
  describes: boolean;
}

function Fields({ words, onChange, problem, onProblem, describes }: FieldsProps) {
  const at = (field: keyof Words) => (problem?.field === field ? { errorText: problem.text } : {});
  const change = (field: keyof Words, value: string) => {
    onChange({ ...words, [field]: value });
    if (problem?.field === field) onProblem(undefined);
  };
  return (
    <SpaceBetween size="m">
      <FormField label="Name" {...at('name')}>
        <Input value={words.name} autoComplete="off" spellcheck={false} onChange={({ detail }) => change('name', detail.value)} />
      </FormField>
      {describes && (
        <FormField label="Description" {...at('description')}>
          <Textarea value={words.description} rows={3} onChange={({ detail }) => change('description', detail.value)} />
        </FormField>
      )}
    </SpaceBetween>
  );
}

const wrongWords = problemIn(['name', 'description'], 'name');

function missing({ name }: Words): FieldProblem | undefined {
  return name.trim() === '' ? new FieldProblem('name', 'Required.') : undefined;
}

function trimmed({ name, description }: Words): Words {
  return { name: name.trim(), description: description.trim() };
}
