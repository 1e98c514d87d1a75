// The scope of a rule: its name, and on request its path and what is below it.
import Popover from '@cloudscape-design/components/popover';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { FailureAlert } from '../api/FailureAlert';
import { LongText } from '../look/LongText';
import { SCOPES, useUnseen } from '../organisation/unseen';
import { useMay } from '../permissions/permissions';
import { PageLink } from '../shell/PageLink';
import { belowQuery, said } from './below';
import { readRule, type Rule, SCOPE_TYPES } from './rules';

/** All of it, on several lines where it is long: scopes may begin alike. */
export function ScopeName({ rule }: { rule: Rule }) {
  return (
    <span className="wraps">
      <Popover header={typeOfScope(rule)} content={<Place rule={rule} />} dismissAriaLabel="Close" triggerType="text" size="medium" wrapTriggerText renderWithPortal>
        <LongText>{rule.scopeName}</LongText>
      </Popover>
    </span>
  );
}

/** Asked for when it is looked at. */
function Place({ rule }: { rule: Rule }) {
  const { data, error } = useQuery({ queryKey: ['rules', 'one', rule.id], queryFn: ({ signal }) => readRule(rule.id, signal) });
  const seesPlaces = useMay()(['project', 'read']);
  const below = useQuery({ ...belowQuery(rule), enabled: seesPlaces });
  const unseen = useUnseen(...SCOPES);
  if (error) return <FailureAlert error={error} />;
  return (
    <SpaceBetween size="xs">
      <div>{data?.scopePath?.split('/').join(' / ') ?? 'Loading'}</div>
      {below.error && <FailureAlert error={below.error} />}
      {below.data !== undefined && below.data.length > 0 && <div>Below: {below.data.map((count) => said(count, unseen)).join(', ')}</div>}
      {seesPlaces && <PageLink href={`/organisation/scopes?scope=${encodeURIComponent(`${rule.scopeType}:${rule.scopeId}`)}`}>Show in the organization</PageLink>}
    </SpaceBetween>
  );
}

function typeOfScope({ scopeType }: Rule): string {
  return SCOPE_TYPES.find(({ value }) => value === scopeType)?.label ?? scopeType;
}
