// The scope of a rule: its name, and where it lies for whoever asks.
import Popover from '@cloudscape-design/components/popover';
import { useQuery } from '@tanstack/react-query';
import { FailureAlert } from '../api/FailureAlert';
import { readRule, type Rule, SCOPE_TYPES } from './rules';

/** In a list of one line for each rule it is cut off; `wrap` shows all of it. */
export function ScopeName({ rule, wrap = false }: { rule: Rule; wrap?: boolean }) {
  return (
    <Popover header={typeOfScope(rule)} content={<Path rule={rule} />} dismissAriaLabel="Close" triggerType="text" size="medium" wrapTriggerText={wrap} renderWithPortal>
      {wrap ? <span className="anywhere">{rule.scopeName}</span> : rule.scopeName}
    </Popover>
  );
}

/** Asked for when it is looked at. */
function Path({ rule }: { rule: Rule }) {
  const { data, error } = useQuery({ queryKey: ['rules', 'one', rule.id], queryFn: ({ signal }) => readRule(rule.id, signal) });
  if (error) return <FailureAlert error={error} />;
  return data?.scopePath?.split('/').join(' / ') ?? 'Loading';
}

function typeOfScope({ scopeType }: Rule): string {
  return SCOPE_TYPES.find(({ value }) => value === scopeType)?.label ?? scopeType;
}
