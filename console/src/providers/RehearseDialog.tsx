// Rehearsing sign-ins with what the provider sends, or would send: nothing is changed, and nobody comes in.
import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { FieldProblem, problemIn } from '../api/failure';
import { FormDialog } from '../dialog/FormDialog';
import type { Kind } from './providers';
import { RehearsalText } from './RehearsalText';
import { rehearse, type Rehearsal, type Rehearse } from './signIns';

type Whose = 'one' | 'everybody';

export function RehearseDialog({ name, kind, onClose }: { name: string; kind: Kind | undefined; onClose: () => void }) {
  const [whose, setWhose] = useState<Whose>('everybody');
  const [pasted, setPasted] = useState('');
  const [problem, setProblem] = useState<string>();
  const [came, setCame] = useState<Rehearsal>();
  const isEmpty = whose === 'one' && pasted.trim() === '';
  const change = (next: { whose?: Whose; pasted?: string }) => {
    if (next.whose !== undefined) setWhose(next.whose);
    if (next.pasted !== undefined) setPasted(next.pasted);
    setProblem(undefined);
    setCame(undefined);
  };
  return (
    <FormDialog
      title={`Rehearse sign-ins with ${name}`}
      submit="Rehearse"
      state={kind === undefined ? 'loading' : 'ready'}
      ready={() => {
        setProblem(isEmpty ? 'Required.' : undefined);
        return !isEmpty;
      }}
      act={async (signal) => {
        const speech = whose === 'everybody' ? {} : speechIn(pasted, kind);
        return speech instanceof FieldProblem ? speech : rehearse(name, speech, signal).catch(problemIn(['claims', 'token', 'assertion']));
      }}
      onDone={(done) => {
        if (done instanceof FieldProblem) setProblem(done.text);
        else setCame(done);
      }}
      onClose={onClose}
    >
      <RadioGroup
        ariaLabel="Whose sign-ins"
        value={whose}
        onChange={({ detail }) => change({ whose: detail.value === 'one' ? 'one' : 'everybody' })}
        items={[
          { value: 'everybody', label: 'Everybody who signed in with it', description: 'With what it said last of each.' },
          { value: 'one', label: 'One person', description: kind === 'saml' ? 'With a SAML answer, or attributes as JSON.' : 'With an ID token, or claims as JSON.' },
        ]}
      />
      {whose === 'one' && (
        <FormField label="What the provider sends" description="It is read, and not verified: an old one will do. It is not kept." stretch errorText={problem}>
          <Textarea value={pasted} rows={8} spellcheck={false} placeholder={kind === 'saml' ? '<samlp:Response …' : '{ "sub": "…", "email": "…", "groups": […] }'} onChange={({ detail }) => change({ pasted: detail.value })} />
        </FormField>
      )}
      {came === undefined ? <Alert type="info">Nothing is changed, and nobody comes in.</Alert> : <RehearsalText rehearsal={came} isOne={whose === 'one'} />}
    </FormDialog>
  );
}

/** JSON is claims; else it is what this kind of provider sends. */
function speechIn(pasted: string, kind: Kind | undefined): Rehearse | FieldProblem {
  const text = pasted.trim();
  if (text.startsWith('{')) {
    try {
      return { claims: JSON.parse(text) as Record<string, never> };
    } catch {
      return new FieldProblem('claims', 'This is not JSON.');
    }
  }
  return kind === 'saml' ? { assertion: text } : { token: text };
}
