// Making a role, or changing one: what it is called and what it permits, what it is like, and who would gain and lose by a change.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { Failure, FieldProblem, problemIn } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { useDraft } from '../dialog/draft';
import { Impact } from '../impact/Impact';
import type { Permission } from '../permissions/permissions';
import { allowedBy } from '../permissions/allowed';
import type { Role } from '../rules/roles';
import { codesOf, difference, type Draft, formOf, linesFor, nearest, type PermissionSet, type RoleForm as Body, type RoleV2, toggled, withSets } from './draft';
import { PermissionPicker } from './PermissionPicker';

interface Props {
  /** What the draft is kept under when the session ends meanwhile. */
  name: string;
  start: Draft;
  /** The role that is changed. */
  before?: RoleV2;
  sets: readonly PermissionSet[];
  catalogue: readonly Permission[];
  roles: readonly Role[];
  held: readonly Permission[];
  save: (body: Body, signal: AbortSignal) => Promise<RoleV2>;
  onSaved: (role: RoleV2) => void;
  onCancel: () => void;
  /** Reads the role anew, after another user changed it. */
  onReread?: () => void;
}

const problems = problemIn(['name', 'description', 'permissionSets', 'permissions'], 'name');

export function RoleForm({ name, start, before, sets, catalogue, roles, held, save, onSaved, onCancel, onReread }: Props) {
  const [draft, setDraft] = useDraft(`role-form:${name}`, start);
  const [problem, setProblem] = useState<FieldProblem>();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (body: Body) => save(body, new AbortController().signal).catch(problems),
    onSuccess: (saved) => (saved instanceof FieldProblem ? setProblem(saved) : onSaved(saved)),
  });
  const change = (next: Draft) => {
    setDraft(next);
    setProblem(undefined);
  };
  const at = (...fields: string[]) => (problem !== undefined && fields.includes(problem.field) ? { errorText: problem.text } : {});
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const missing = wrongIn(draft);
    setProblem(missing);
    if (missing === undefined && !isPending) mutate(formOf(draft));
  };
  const options = sets.map(({ id, name, description }) => ({ value: id, label: name, description }));
  const codesBefore = before === undefined ? undefined : codesOf(before.permissions);
  const changes = codesBefore && difference(draft.permissions, codesBefore);
  const changesAnything = changes !== undefined && changes.more.length + changes.less.length > 0;
  const isOutdated = error instanceof Failure && error.status === 412;
  return (
    <form onSubmit={send} noValidate>
      <Form
        actions={
          <SpaceBetween size="xs" direction="horizontal">
            <Button formAction="none" variant="link" onClick={onCancel}>
              Cancel
            </Button>
            <Button variant="primary" loading={isPending} loadingText="Saving">
              {before === undefined ? 'Create role' : 'Save'}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {error && (
            <FailureAlert
              header="The role was not saved"
              error={error}
              {...(isOutdated && onReread ? { action: <Button formAction="none" onClick={onReread}>Show it as it is now</Button> } : {})}
            />
          )}
          <Container>
            <SpaceBetween size="m">
              <FormField label="Name" {...at('name')}>
                <Input value={draft.name} autoComplete="off" spellcheck={false} onChange={({ detail }) => change({ ...draft, name: detail.value })} />
              </FormField>
              <FormField label="Description" {...at('description')}>
                <Textarea value={draft.description} rows={2} onChange={({ detail }) => change({ ...draft, description: detail.value })} />
              </FormField>
              <FormField
                label="Permission sets"
                description="What one task needs. Tick permissions below to choose them one by one instead."
                {...at('permissionSets', 'permissions')}
              >
                <Multiselect
                  selectedOptions={options.filter(({ value }) => draft.sets.includes(value))}
                  options={options}
                  onChange={({ detail }) => change(withSets(draft, detail.selectedOptions.flatMap(({ value }) => value ?? []), sets))}
                  filteringType="auto"
                  filteringAriaLabel="Search permission sets"
                  placeholder={draft.permissions.length > 0 && draft.sets.length === 0 ? 'Chosen one by one' : 'Choose permission sets'}
                  deselectAriaLabel={({ label }) => `Remove ${label ?? ''}`}
                  expandToViewport
                />
              </FormField>
              <Likeness permissions={draft.permissions} roles={roles} catalogue={catalogue} />
            </SpaceBetween>
          </Container>
          <PermissionPicker catalogue={catalogue} chosen={draft.permissions} held={codesOf(held)} onToggle={(code) => change(toggled(draft, code))} />
          {before !== undefined && (
            <Container header={<Header variant="h2">What changes</Header>}>
              <SpaceBetween size="s">
                {changes === undefined || !changesAnything ? (
                  <div>The role permits the same as before.</div>
                ) : (
                  <>
                    <Lines title="The role gains" codes={changes.more} catalogue={catalogue} />
                    <Lines title="The role loses" codes={changes.less} catalogue={catalogue} />
                  </>
                )}
                {draft.permissions.length > 0 && changesAnything && <Impact acts={[{ act: 'update-role', id: String(before.id), role: formOf({ ...draft, name: before.name }) }]} />}
              </SpaceBetween>
            </Container>
          )}
        </SpaceBetween>
      </Form>
    </form>
  );
}

function wrongIn({ name, permissions }: Draft): FieldProblem | undefined {
  if (name.trim() === '') return new FieldProblem('name', 'Required.');
  return permissions.length === 0 ? new FieldProblem('permissions', 'Choose at least one permission.') : undefined;
}

/** What the role is like, so that nobody makes one that is there already. */
function Likeness({ permissions, roles, catalogue }: { permissions: readonly string[]; roles: readonly Role[]; catalogue: readonly Permission[] }) {
  const found = nearest(permissions, roles);
  if (found === undefined) return null;
  const { role, more, less } = found;
  if (more.length + less.length === 0) return <Alert type="info">It permits the same as {role.name}, which comes with Rolecall.</Alert>;
  return (
    <Alert type="info" header={`Nearest predefined role: ${role.name}`}>
      <Lines title="More" codes={more} catalogue={catalogue} />
      <Lines title="Less" codes={less} catalogue={catalogue} />
    </Alert>
  );
}

function Lines({ title, codes, catalogue }: { title: string; codes: readonly string[]; catalogue: readonly Permission[] }) {
  const lines = allowedBy(linesFor(codes, catalogue));
  if (lines.length === 0) return null;
  return (
    <div>
      <strong>{title}</strong>
      <ul className="plain">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
