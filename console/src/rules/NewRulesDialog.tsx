// Adding access rules: the subjects, the scope (several only where that is asked for), and one of the roles that may be given there.
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useQueries, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { FieldProblem, naming, problemIn } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { useDraft } from '../dialog/draft';
import { FormDialog, type FormState } from '../dialog/FormDialog';
import type { Outcome } from '../dialog/outcome';
import { showOutcomes } from '../dialog/OutcomesDialog';
import { formatNumber } from '../format';
import { notify } from '../notices/notices';
import { keyOf, type Scope } from '../scopes/scopes';
import { ScopesField } from '../scopes/ScopesField';
import type { Act } from '../impact/impact';
import { allowedBy } from '../permissions/allowed';
import { type Role, rolesQuery } from './roles';
import { Impact } from '../impact/Impact';
import { createRules, MOST_AT_ONCE, type Subject } from './rules';

/** In the place of a field: there is such a rule already. Another subject, scope or role corrects it. */
const TAKEN = 'rule';

interface Props {
  title: string;
  /** Who the rules are about, or the fields to say it, where the title does not. */
  about?: ReactNode;
  /** Whether it is known whom they are about. */
  state?: FormState;
  /** Nothing while the fields are not filled in; they say so themselves. */
  subjects: () => Subject[] | undefined;
  /** The same without saying so: nothing that is filled in wrongly. */
  previewed: readonly Subject[];
  /** Shows at the field of the subjects what the server says of them; absent where there is no such field. */
  onSubjectProblem?: (problem: string | undefined) => void;
  /** What is chosen already. */
  given?: { roleId: number; scopes: readonly Scope[] };
  onClose: () => void;
}

export function NewRulesDialog({ title, about, state = 'ready', subjects, previewed, onSubjectProblem, given, onClose }: Props) {
  const [roleId, setRoleId] = useDraft<string | undefined>(`role:${title}`, given && String(given.roleId));
  const [scopes, setScopes] = useDraft<readonly Scope[]>(`scopes:${title}`, given?.scopes ?? []);
  const [several, setSeveral] = useDraft(`several:${title}`, (given?.scopes.length ?? 0) > 1);
  const [missing, setMissing] = useState(false);
  /** What the server said of the role or the scope, until that is chosen anew. */
  const [refused, setRefused] = useState<FieldProblem>();
  const roles = useQuery(rolesQuery());
  const refusals = useRefusals(scopes);
  const role = roles.data?.find(({ id }) => String(id) === roleId);

  const at = (field: string) => (refused?.field === field ? refused.text : undefined);
  const corrected = (field: string) => {
    if (refused?.field !== field && refused?.field !== TAKEN) return;
    setRefused(undefined);
    if (refused.field === TAKEN) onSubjectProblem?.(undefined);
  };
  const refusal = role && refusals(role.id);
  const roleProblem = missing && role === undefined && scopes.length > 0 ? 'Choose a role.' : at('roleId');
  const scopeProblem =
    scopes.length > MOST_AT_ONCE
      ? `At most ${MOST_AT_ONCE} scopes at once. Remove ${scopes.length - MOST_AT_ONCE}.`
      : (refusal ?? (missing && scopes.length === 0 ? 'Choose a scope.' : undefined));
  const ready = () => {
    setMissing(true);
    // What was refused is tried again as it is: the server may think otherwise by now.
    setRefused(undefined);
    return subjects() !== undefined && role !== undefined && scopes.length > 0 && scopeProblem === undefined;
  };
  const act = async (signal: AbortSignal) => {
    if (role === undefined) throw new Error('no role is chosen');
    const asked = subjects() ?? [];
    try {
      return await createRules(asked, role, scopes, signal);
    } catch (error) {
      const problem = problemIn(['roleId', 'scopeId', TAKEN, ...(onSubjectProblem ? ['subjectId'] : [])], TAKEN)(error);
      return naming(problem, problem.field === 'subjectId' ? asked.map(({ subjectId }) => subjectId) : scopes.map(({ name }) => name));
    }
  };
  const finish = (outcomes: Outcome[] | FieldProblem) => {
    if (outcomes instanceof FieldProblem) {
      if (outcomes.field === 'subjectId' || outcomes.field === TAKEN) onSubjectProblem?.(outcomes.text);
      if (outcomes.field !== 'subjectId') setRefused(outcomes);
      return;
    }
    const [only, ...others] = outcomes;
    if (outcomes.some(({ problem }) => problem !== undefined)) showOutcomes('access rule', 'added', outcomes);
    else notify({ type: 'success', content: others.length > 0 ? `${formatNumber(outcomes.length)} access rules added.` : `${only?.what ?? ''}.` });
    onClose();
  };
  return (
    <FormDialog
      title={title}
      submit={scopes.length > 1 ? 'Save rules' : 'Save rule'}
      state={roles.isPending ? 'loading' : state}
      ready={ready}
      act={act}
      onDone={finish}
      onClose={onClose}
    >
      {about}
      {roles.error && <FailureAlert header="The roles cannot be shown" error={roles.error} retry={() => void roles.refetch()} />}
      <ScopesField
        field={{ label: 'Scope', description: 'The rule applies to this scope and everything below it.', errorText: scopeProblem ?? at('scopeId') ?? (onSubjectProblem === undefined ? at(TAKEN) : undefined) }}
        scopes={scopes}
        several={several}
        onSeveral={() => setSeveral(true)}
        onChange={(scopes) => {
          setScopes(scopes);
          corrected('scopeId');
        }}
      />
      <FormField label="Role" {...(roleProblem === undefined ? {} : { errorText: roleProblem })}>
        <Select
          selectedOption={role === undefined ? null : { value: String(role.id), label: role.name }}
          options={(roles.data ?? []).filter(({ enabled }) => enabled).map(({ id, name, description }) => {
            const reason = refusals(id);
            return { value: String(id), label: name, description, ...(reason === undefined ? {} : { disabled: true, disabledReason: reason }) };
          })}
          onChange={({ detail }) => {
            setRoleId(detail.selectedOption.value);
            corrected('roleId');
          }}
          statusType={roles.isPending ? 'loading' : 'finished'}
          loadingText="Loading roles"
          filteringType="auto"
          filteringAriaLabel="Search roles"
          // Which roles one may give depends on the scope.
          disabled={scopes.length === 0}
          placeholder={scopes.length === 0 ? 'Choose a scope first' : 'Choose a role'}
          expandToViewport
        />
      </FormField>
      {role !== undefined && (
        <ExpandableSection headerText={`What ${role.name} allows`}>
          <ul className="plain">
            {allowedBy(role.permissions).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </ExpandableSection>
      )}
      {role !== undefined && refusal === undefined && <Impact acts={actsOf(previewed, role, scopes)} />}
    </FormDialog>
  );
}

/** One act for each subject in each scope. */
function actsOf(subjects: readonly Subject[], role: Role, scopes: readonly Scope[]): Act[] {
  return scopes.flatMap((scope) =>
    subjects.map(({ subjectId, subjectType }): Act => ({ act: 'create-access-rule', accessRule: { subjectId, subjectType, roleId: role.id, scopeType: scope.type, scopeId: scope.id } })),
  );
}

/** Why the person may not give a role in one of these scopes; nothing where they may, or where it is not known yet. */
function useRefusals(scopes: readonly Scope[]): (roleId: number) => string | undefined {
  const grantable = useQueries({ queries: scopes.map((scope) => rolesQuery(keyOf(scope))) });
  return (roleId) => {
    const refusing = scopes.find((_, index) => grantable[index]?.data?.every(({ id }) => id !== roleId));
    return refusing && `You cannot give this role in ${refusing.name}.`;
  };
}
