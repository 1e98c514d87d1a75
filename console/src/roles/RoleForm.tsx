// Making a role, or changing one: what it is called and what it permits, what it is like, and who would gain and lose by a change.
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import Multiselect, { type MultiselectProps } from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea, { type TextareaProps } from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { Failure, FieldProblem, problemIn } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { useDraft } from '../dialog/draft';
import { isLeaving, waitForServer } from '../dialog/held';
import { Impact } from '../impact/Impact';
import { notify } from '../notices/notices';
import type { Permission } from '../permissions/permissions';
import type { Role } from '../rules/roles';
import { codesOf, difference, type Draft, formOf, type PermissionSet, type RoleForm as Body, type RoleV2, sameAs, toggled, withRole, withSets } from './draft';
import { PermissionPicker } from './PermissionPicker';
import { Beyond, Changes, Likeness } from './RoleSummary';
import './role-form.css';

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
  const nameField = useRef<InputProps.Ref>(null);
  const descriptionField = useRef<TextareaProps.Ref>(null);
  const setsField = useRef<MultiselectProps.Ref>(null);
  /** The button is at the end of a long page, and the field at its beginning. */
  const show = (found: FieldProblem | undefined) => {
    setProblem(found);
    if (found === undefined) return;
    const field = found.field === 'name' ? nameField : found.field === 'description' ? descriptionField : setsField;
    field.current?.focus();
  };
  /** Of the call that is under way. */
  const underWay = useRef<AbortController>(undefined);
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ body, signal }: { body: Body; signal: AbortSignal }) =>
      save(body, signal)
        .catch(problems)
        .finally(() => (underWay.current = undefined)),
    onMutate: waitForServer,
    onSuccess: (saved) => (saved instanceof FieldProblem ? show(saved) : onSaved(saved)),
    onSettled: (_saved, _error, _sent, isThere) => isThere?.(),
  });
  // Leaving the page is a way out of a server that never answers.
  useEffect(() => () => cancel(underWay.current), []);
  const change = (next: Draft) => {
    setDraft(next);
    setProblem(undefined);
  };
  const at = (...fields: string[]) => (problem !== undefined && fields.includes(problem.field) ? { errorText: problem.text } : {});
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    // The second click of a double click comes before the button is drawn anew.
    if (underWay.current !== undefined || isLeaving()) return;
    const missing = wrongIn(draft);
    show(missing);
    if (missing !== undefined) return;
    const call = new AbortController();
    underWay.current = call;
    mutate({ body: formOf(draft), signal: call.signal });
  };
  const heldCodes = codesOf(held);
  const beyond = draft.permissions.filter((code) => !heldCodes.includes(code));
  const setOptions = sets.map(({ id, name, description, permissions }) => {
    const isBeyond = !draft.sets.includes(id) && codesOf(permissions).some((code) => !heldCodes.includes(code));
    return { value: id, label: name, description, ...(isBeyond ? { disabled: true, disabledReason: 'You do not have all of its permissions in the account.' } : {}) };
  });
  const same = draft.sets.length > 0 ? undefined : sameAs(draft.permissions, roles);
  const changes = before && difference(draft.permissions, codesOf(before.permissions));
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
          <div className="role-form">
            <SpaceBetween size="l">
              <Container>
                <SpaceBetween size="m">
                  <FormField label="Name" {...at('name')}>
                    <Input ref={nameField} value={draft.name} autoComplete="off" spellcheck={false} onChange={({ detail }) => change({ ...draft, name: detail.value })} />
                  </FormField>
                  <FormField label="Description" {...at('description')}>
                    <Textarea ref={descriptionField} value={draft.description} rows={2} onChange={({ detail }) => change({ ...draft, description: detail.value })} />
                  </FormField>
                  <ColumnLayout columns={before === undefined ? 2 : 1}>
                    <FormField label="Permission sets" description="Or tick permissions one by one below." {...at('permissionSets', 'permissions')}>
                      <Multiselect
                        ref={setsField}
                        // Within the box, so that the table below stays where it is when a tick leaves the sets.
                        inlineTokens
                        selectedOptions={setOptions.filter(({ value }) => draft.sets.includes(value))}
                        options={setOptions}
                        onChange={({ detail }) => change(withSets(draft, detail.selectedOptions.flatMap(({ value }) => value ?? []), sets))}
                        filteringType="auto"
                        filteringAriaLabel="Search permission sets"
                        placeholder={draft.permissions.length > 0 && draft.sets.length === 0 ? 'Chosen one by one' : 'Choose permission sets'}
                        expandToViewport
                      />
                    </FormField>
                    {before === undefined && (
                      <FormField label="Same as a role" description="Takes its permissions to start from.">
                        <Select
                          selectedOption={same === undefined ? null : { value: String(same.id), label: same.name }}
                          options={roles.map(({ id, name, description }) => ({ value: String(id), label: name, description }))}
                          onChange={({ detail }) => {
                            const role = roles.find(({ id }) => String(id) === detail.selectedOption.value);
                            if (role !== undefined) change(withRole(draft, role));
                          }}
                          filteringType="auto"
                          filteringAriaLabel="Search roles"
                          placeholder="Choose a role"
                          expandToViewport
                        />
                      </FormField>
                    )}
                  </ColumnLayout>
                </SpaceBetween>
              </Container>
              <PermissionPicker catalogue={catalogue} chosen={draft.permissions} held={heldCodes} onToggle={(codes) => change(toggled(draft, codes))} />
            </SpaceBetween>
            <aside className="role-form-beside" aria-label="Summary">
              <SpaceBetween size="l">
                {before === undefined && <Beyond codes={beyond} catalogue={catalogue} onRemove={() => change(toggled(draft, beyond))} />}
                {before !== undefined && changes !== undefined && (
                  <Changes changes={changes} catalogue={catalogue}>
                    {draft.permissions.length > 0 && changesAnything && <Impact acts={[{ act: 'update-role', id: String(before.id), role: formOf({ ...draft, name: before.name }) }]} />}
                  </Changes>
                )}
                <Likeness permissions={draft.permissions} roles={roles} catalogue={catalogue} />
              </SpaceBetween>
            </aside>
          </div>
          {error && (
            <div ref={intoView}>
              <FailureAlert
                header="The role was not saved"
                error={error}
                {...(error instanceof Failure && error.mayHaveWorked ? { further: 'It may have been done. Check before you try again.' } : {})}
                {...(isOutdated && onReread ? { action: <Button formAction="none" onClick={onReread}>Show it as it is now</Button> } : {})}
              />
            </div>
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

/** It stands at the button, and may have been sent from the beginning of the page, by Enter. */
function intoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'center' });
}

function cancel(call: AbortController | undefined) {
  if (call === undefined) return;
  call.abort();
  notify({ type: 'warning', header: 'Save: canceled before the server answered', content: 'The role may have been saved. Check before you try again.' });
}
