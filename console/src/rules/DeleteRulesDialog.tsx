// Deleting access rules: what they say, which of several cannot be deleted, and what came of each.
import Box from '@cloudscape-design/components/box';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { FormDialog } from '../dialog/FormDialog';
import type { Outcome } from '../dialog/outcome';
import { OutcomesDialog } from '../dialog/OutcomesDialog';
import { formatNumber } from '../format';
import { notify } from '../notices/notices';
import { deleteRule, deleteRules, readRule, rehearseDeletion, type Rule, sentenceOf } from './rules';

export default function DeleteRulesDialog({ ids, onClose }: { ids: readonly number[]; onClose: () => void }) {
  const [outcomes, setOutcomes] = useState<Outcome[]>();
  const read = useQueries({ queries: ids.map((id) => ({ queryKey: ['rules', 'one', id], queryFn: ({ signal }) => readRule(id, signal) })) });
  const rules: Rule[] = read.flatMap(({ data }) => data ?? []);
  const several = ids.length > 1;
  const { data: refusals, isLoading: isRehearsing } = useQuery({ queryKey: ['rules', 'rehearsed', ids], queryFn: ({ signal }) => rehearseDeletion(ids, signal), enabled: several, staleTime: 0 });
  const isPending = isRehearsing || read.some(({ isPending }) => isPending);
  const failure = read.find(({ error }) => error)?.error;

  if (outcomes !== undefined) return <OutcomesDialog title="What came of each rule" outcomes={outcomes} onClose={onClose} />;
  const act = async () => {
    const [only, ...others] = rules;
    if (only === undefined || others.length > 0) return deleteRules(rules);
    await deleteRule(only);
    return [{ what: sentenceOf(only) }];
  };
  const finish = (outcomes: Outcome[]) => {
    if (outcomes.some(({ problem }) => problem !== undefined)) {
      setOutcomes(outcomes);
      return;
    }
    const content = outcomes.length > 1 ? `${formatNumber(outcomes.length)} access rules were deleted.` : `Deleted: ${outcomes[0]?.what ?? ''}.`;
    notify({ type: 'success', content });
    onClose();
  };
  return (
    <FormDialog
      title={several ? `Delete ${formatNumber(ids.length)} access rules?` : 'Delete the access rule?'}
      submit="Delete"
      state={isPending ? 'loading' : rules.length === 0 ? 'blocked' : 'ready'}
      act={act}
      onDone={finish}
      onClose={onClose}
    >
      {failure && <FailureAlert error={failure} />}
      <div>It will not hold any more that</div>
      <ul className="plain">
        {rules.map((rule) => (
          <li key={rule.id}>
            {sentenceOf(rule)}
            {refusals?.has(rule.id) === true && (
              <Box color="text-status-warning">Cannot be deleted: {refusals.get(rule.id)}</Box>
            )}
          </li>
        ))}
      </ul>
    </FormDialog>
  );
}
