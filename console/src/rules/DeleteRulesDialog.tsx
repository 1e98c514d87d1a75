// Deleting access rules: what they give, which of them cannot be deleted, what the person loses, and the result of each.
import Box from '@cloudscape-design/components/box';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { FormDialog } from '../dialog/FormDialog';
import { NotThereDialog } from '../dialog/NotThereDialog';
import type { Outcome } from '../dialog/outcome';
import { showOutcomes } from '../dialog/OutcomesDialog';
import { useTypedEmail } from '../dialog/typedEmail';
import { formatNumber } from '../format';
import { LongText } from '../look/LongText';
import { wholeNumber } from '../list/address';
import { knownRow } from '../list/known';
import { notify } from '../notices/notices';
import { legible } from '../readable';
import { useSession } from '../session/session';
import { Impact } from '../impact/Impact';
import { isOwn, loss } from './own';
import { deleteRule, deleteRules, readRule, rehearseDeletion, type Rule } from './rules';

export default function DeleteRulesDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const read = useQueries({ queries: ids.map((id) => ({ queryKey: ['rules', 'one', wholeNumber(id) ?? id], queryFn: ({ signal }) => readRule(id, signal) })) });
  const rules: Rule[] = read.flatMap(({ data }) => data ?? []);
  // As the list had them when the dialog opened: what is gone is in no later one.
  const [names] = useState(() => ids.map(nameOf));
  const session = useSession();
  const own = rules.filter((rule) => isOwn(rule, session));
  const several = ids.length > 1;
  // The server tells what deleting would answer, each rule after the deletions before it, one's own last.
  const { data: refusals, isLoading: isRehearsing } = useQuery({
    queryKey: ['rules', 'rehearsed', ids],
    queryFn: ({ signal }) => rehearseDeletion(ids.filter((id) => wholeNumber(id) !== undefined), signal),
    enabled: several || own.length > 0,
    staleTime: 0,
  });
  // INVARIANT: what the dialog says is not deleted is not sent, whatever has changed since.
  const deleted = rules.filter(({ id }) => refusals?.has(id) !== true);
  const kept = rules.flatMap((rule): Outcome[] => (refusals?.has(rule.id) === true ? [{ what: removal(rule), problem: refusals.get(rule.id) ?? '' }] : []));
  const lost = own.filter((rule) => deleted.includes(rule));
  const email = useTypedEmail(lost.length > 0 ? session?.username : undefined);
  const failures = read.flatMap(({ data, error }, index): Outcome[] => (data === undefined && error ? [{ what: names[index] ?? `access rule ${ids[index] ?? ''}`, problem: asFailure(error).message }] : []));
  const failure = read.find(({ error }) => error)?.error;

  const isPending = isRehearsing || read.some(({ isPending }) => isPending);
  const act = async (signal: AbortSignal): Promise<Outcome[]> => {
    const [only, ...others] = deleted;
    if (only === undefined || others.length + kept.length + failures.length > 0) return [...(await deleteRules(deleted, removal, signal)), ...kept, ...failures];
    await deleteRule(only, signal);
    return [{ what: removal(only) }];
  };
  const finish = (outcomes: Outcome[]) => {
    // With one's own rules this page may be gone: a notice on it would go unseen.
    if (outcomes.some(({ problem }) => problem !== undefined) || lost.length > 0) showOutcomes('access rule', 'deleted', outcomes);
    else notify({ type: 'success', content: outcomes.length > 1 ? `${formatNumber(outcomes.length)} access rules were deleted.` : `Removed ${outcomes[0]?.what ?? ''}.` });
    onClose();
  };
  if (!isPending && rules.length === 0 && failure) return <NotThereDialog title={several ? 'The access rules cannot be shown' : 'The access rule cannot be shown'} error={failure} onClose={onClose} />;
  return (
    <FormDialog
      title={several ? `Delete ${formatNumber(ids.length)} access rules?` : 'Delete the access rule?'}
      submit="Delete"
      isDanger
      state={isPending ? 'loading' : deleted.length > 0 ? 'ready' : 'blocked'}
      ready={email.isTyped}
      act={act}
      onDone={finish}
      onClose={onClose}
    >
      {failure && <FailureAlert error={failure} />}
      <div>This removes:</div>
      <ul className="plain">
        {rules.map((rule) => (
          <li key={rule.id}>
            <LongText>{removal(rule)}</LongText>
            {refusals?.has(rule.id) === true && <Box color="text-status-warning">Cannot be deleted: {refusals.get(rule.id)}</Box>}
          </li>
        ))}
      </ul>
      <Impact acts={isPending ? [] : deleted.map(({ id }) => ({ act: 'delete-access-rule', id: String(id) }))} />
      {email.field(
        <>
          You lose {lost.map((rule) => loss(rule)).join(', ')}. {several && 'Your own rules are deleted last. '}You may not be able to undo this yourself: another administrator may have to give it back to you.
        </>,
      )}
    </FormDialog>
  );
}

/** What the list says of it; nothing where it does not have it. */
function nameOf(id: string): string | undefined {
  const rule = knownRow('rules', id) as Rule | undefined;
  return rule && removal(rule);
}

/** `Viewer in research from ana@example.com` */
function removal({ roleName, scopeName, subjectId }: Rule): string {
  return `${roleName} in ${scopeName} from ${legible(subjectId)}`;
}
